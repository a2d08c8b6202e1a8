// SPDX-License-Identifier: Apache-2.0
// Kills web, jobs and PostgreSQL with SIGKILL in the middle of payments and refunds, again and again. After each kill the server must
// be ready by itself (PostgreSQL's postmaster is started by this script, as systemd would); in the end each order that was
// paid at its gateway is booked once, each refund was made there once, and no clearing account holds a fen that nobody paid.
//   XUQI_VAR=… node tests/chaos/kills.mjs [--kills=200] [--payers=6] [--minutes=120]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { finance } from '../support/refund.mjs';
import { asOwner, folder } from '../support/world.mjs';
import { clearing, judge, option, Payers, processes, ready, renewals, say, sleep, until } from './paying.mjs';

const kills = option('kills', 200);
const width = option('payers', 6);
const minutes = option('minutes', 120); // no more kills after that
const data = `${folder}/postgres`;
const kill9 = (pid) => execFileSync('kill', ['-9', String(pid)]);
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const postmaster = () => Number(readFileSync(`${data}/postmaster.pid`, 'utf8').split('\n')[0]);
const backends = () => execFileSync('pgrep', ['-P', String(postmaster())], { encoding: 'utf8' }).trim().split('\n').map(Number);

async function startPostgres() {
  for (let i = 0; ; i++) {
    try { // what the old one left dies first
      asOwner('/usr/lib/postgresql/15/bin/pg_ctl', '-D', data, '-s', '-w', '-t', '60', '-l', `${data}/server.log`, 'start');
      return;
    } catch (error) { if (i === 50) throw error; }
    await sleep(200);
  }
}
const victims = {
  web: async () => kill9(pick(processes('web'))),
  jobs: async () => kill9(pick(processes('jobs'))),
  'a backend of PostgreSQL': async () => kill9(pick(backends())), // the others are taken down with it, and it recovers
  'PostgreSQL itself': async () => { kill9(postmaster()); await startPostgres(); },
};

await finance(); // logged in before anything is broken
const before = clearing();
say(`${kills} kills, ${width} payers`);
const payers = new Payers(await renewals(Math.min(kills * 4 + 20, 800)), 4);
const counts = {};
let busy = 0;
let slowest = 0;
payers.start(width);
const deadline = Date.now() + minutes * 60e3;
for (let i = 0; i < kills && Date.now() < deadline; i++) {
  await sleep(200 + Math.random() * 400);
  if (payers.next >= payers.list.length) { payers.list.push(...await renewals(300)); payers.start(width); }
  const name = Object.keys(victims)[i % 4];
  if (payers.open > 0) busy++;
  counts[name] = (counts[name] ?? 0) + 1;
  const at = Date.now();
  await victims[name]().catch((error) => { if (!/No such process/.test(error.message)) throw error; });
  await until(`ready again after ${name} was killed`, async () => processes('web').length >= 2 && processes('jobs').length >= 1 && await ready(), 90);
  slowest = Math.max(slowest, Date.now() - at);
  if ((i + 1) % 20 === 0) say(`${i + 1} kills, ${payers.paid.length} paid, ${payers.back.length} given back, ${payers.errors} errors felt`);
}
await payers.stop();
const faults = await judge(payers, before);
console.log(JSON.stringify({ kills: counts, with_payments_under_way: busy, paid: payers.paid.length, given_back: payers.back.length, errors_felt: payers.errors, slowest_recovery_ms: slowest, faults }, null, 1));
process.exit(faults.length === 0 ? 0 : 1);
