// SPDX-License-Identifier: Apache-2.0
// The test's own reach into a prepared installation: new subscribers from the demonstration CA, the database as its owner,
// xuqictl. XUQI_VAR names the installation's folder.
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import * as client from './client.mjs';

export const folder = process.env.XUQI_VAR ?? client.here('../../var');
export const demo = client.readDemo(`${folder}/demo/demo.json`);
const settings = readFileSync(`${folder}/xuqid.yaml`, 'utf8');
export const sockets = settings.match(/host=(\S+) dbname/)[1];

// As the user the installation belongs to: PostgreSQL and the token answer nobody else.
function owners(command, args) {
  const { uid, gid } = statSync(`${folder}/xuqid.yaml`);
  const root = process.getuid() === 0 && uid !== 0;
  const [program, list] = root ? ['setpriv', [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', command, ...args]] : [command, args];
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', XUQI_CONFIG: `${folder}/xuqid.yaml`, SOFTHSM2_CONF: `${folder}/token/softhsm2.conf`, ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '', LSAN_OPTIONS: process.env.LSAN_OPTIONS ?? '' };
  return [program, list, { encoding: 'utf8', cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], env }];
}
export const asOwner = (command, ...args) => execFileSync(...owners(command, args));
// The same beside the test; settles when the program has ended.
export const startAsOwner = (command, ...args) => promisify(execFile)(...owners(command, args));

export const ctl = (...args) => asOwner(`${folder}/bin/xuqictl`, ...args);

// One row's columns separated by spaces; several rows by newlines.
export const sql = (text) =>
  asOwner('psql', '-XAtq', '-F', ' ', '-v', 'ON_ERROR_STOP=1', '-c', text, `host=${sockets} dbname=xuqi user=postgres`).trim();

let made = 0;
const stamp = Date.now().toString(36);
const beijing = (when) => execFileSync('date', ['-d', when, '+%Y-%m-%d %H:%M:%S'], { encoding: 'utf8', env: { ...process.env, TZ: 'Asia/Shanghai' } }).trim();

function make(kind, { organisation = `测试单位${++made}有限公司`, notBefore = '-335 days', notAfter = '+30 days' } = {}) {
  const name = `${kind}-${stamp}-${++made}`;
  const dir = `${folder}/demo/subscribers`;
  const token = ['--module', '/usr/lib/softhsm/libsofthsm2.so', '--token', 'xuqi-demo', '--pin-file', `${folder}/keys/pin`, '--ca', `${folder}/ca`];
  const line = asOwner(`${folder}/bin/xuqi-demo-ca`, kind, ...(kind === 'subscriber' ? token : []), '--dir', dir, '--name', name,
    '--organisation', organisation, '--not-before', beijing(notBefore), '--not-after', beijing(notAfter));
  return { name, organisation, ...JSON.parse(line), key: `${dir}/${name}.key`, certificate: `${dir}/${name}.pem`, csr: `${dir}/${name}.csr` };
}

export const newSubscriber = (options) => {
  const subscriber = make('subscriber', options);
  ctl('certificate', 'import', subscriber.certificate);
  return subscriber;
};
export const foreignSubscriber = (options) => make('foreign', options);

// A renewal that is paid and waits for its review.
export async function paidRenewal(options) {
  const subscriber = newSubscriber();
  const renewal = (await client.submit(demo, subscriber, options)).json;
  const form = (await client.pay(demo, renewal)).json;
  await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)));
  return { subscriber, renewal, form };
}
