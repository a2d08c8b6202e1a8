// SPDX-License-Identifier: Apache-2.0
// COMMIT answers are swallowed between server and PostgreSQL in the middle of payments: the write happened, and nobody knows.
// What was lost must be found again by its key, and nothing happens twice.
//   XUQI_VAR=… node tests/chaos/commits.mjs [--swallowed=200] [--payers=6] [--minutes=60]
import { spawn } from 'node:child_process';
import { copyFileSync, chownSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as client from '../support/client.mjs';
import { demo, folder, sockets } from '../support/world.mjs';
import { clearing, judge, option, Payers, processes, ready, renewals, say, sleep, until } from './paying.mjs';

const wanted = option('swallowed', 200);
const width = option('payers', 6);
const minutes = option('minutes', 60); // no more after that
const settingsFile = `${folder}/xuqid.yaml`;
const original = readFileSync(settingsFile, 'utf8');
const { uid, gid } = statSync(settingsFile);
const root = process.getuid() === 0 && uid !== 0;
const between = `${sockets}/chaos`;

// The writes that a payment goes through, in web and in jobs; the first are the ones where money is booked.
const writes = ['payment_settle', 'payment_settle', 'payment_open', 'notice_ask', 'payment_query_end', 'payment_settle', 'outbox_finish', 'payment_refresh'];

function startProxy() {
  mkdirSync(between, { recursive: true, mode: 0o700 });
  copyFileSync(client.here('../chaos/commit_proxy.mjs'), `${folder}/bin/commit_proxy.mjs`);
  if (root) { chownSync(between, uid, gid); chownSync(`${folder}/bin/commit_proxy.mjs`, uid, gid); }
  const args = [process.execPath, `${folder}/bin/commit_proxy.mjs`, `${between}/.s.PGSQL.5432`, `${sockets}/.s.PGSQL.5432`];
  const [program, list] = root ? ['setpriv', [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...args]] : [args[0], args.slice(1)];
  const child = spawn(program, list, { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  const proxy = { child, swallowed: {}, hung: 0, total: 0, listening: false, arm: (names, hang) => child.stdin.write(`${JSON.stringify({ arm: names, hang })}\n`) };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line);
    if (said.listening) { proxy.listening = true; return; }
    proxy.total++;
    proxy.hung += said.hang ? 1 : 0;
    proxy.swallowed[said.swallowed] = (proxy.swallowed[said.swallowed] ?? 0) + 1;
  });
  return proxy;
}

// Web and jobs read the settings when they start; the supervisor starts again what ends.
async function restartWith(text) {
  writeFileSync(settingsFile, text);
  const before = [...processes('web'), ...processes('jobs')];
  for (const pid of before) process.kill(pid, 'SIGTERM');
  await until('web and jobs are other processes, and ready', async () => {
    const now = [...processes('web'), ...processes('jobs')];
    return now.length >= before.length && !now.some((pid) => before.includes(pid)) && await ready();
  }, 120);
}

const before = clearing();
const proxy = startProxy();
const payers = new Payers(await renewals(Math.min(wanted * 4 + 20, 800)));
let faults;
try {
  await until('the proxy listens', () => proxy.listening, 10);
  await restartWith(original.replaceAll(new RegExp(`(web|jobs): host=${sockets} `, 'g'), `$1: host=${between} `));
  say(`${wanted} answers to be swallowed, ${width} payers`);
  payers.start(width);
  const deadline = Date.now() + minutes * 60e3;
  for (let i = 0; proxy.total < wanted && Date.now() < deadline; i++) {
    const seen = proxy.total;
    const hang = i % 10 === 9;
    proxy.arm([writes[i % writes.length]], hang);
    for (let waited = 0; proxy.total === seen && waited < 100; waited++) await sleep(50); // one that does not happen just now is left
    if (payers.next >= payers.list.length) { payers.list.push(...await renewals(200)); payers.start(width); }
    await sleep(Math.random() * 200);
    if (proxy.total % 20 === 0 && proxy.total > seen) say(`${proxy.total} swallowed, ${payers.paid.length} paid, ${payers.errors} errors felt`);
  }
  await payers.stop();
  faults = await judge(payers, before);
} finally {
  await restartWith(original);
  proxy.child.stdin.end();
  rmSync(between, { recursive: true, force: true });
}
console.log(JSON.stringify({ swallowed: proxy.swallowed, of_them_hung: proxy.hung, paid: payers.paid.length, errors_felt: payers.errors, faults }, null, 1));
process.exit(faults.length === 0 ? 0 : 1);
