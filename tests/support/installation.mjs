// SPDX-License-Identifier: Apache-2.0
// Reach into a prepared installation as its owner, without touching its tables: xuqictl, and new subscribers from the
// demonstration CA. XUQI_VAR names the installation's folder.
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { here, readDemo } from './wire.mjs';

export const folder = process.env.XUQI_VAR ?? here('../../var');
export const demo = readDemo(`${folder}/demo/demo.json`);
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

const beijing = (when) => execFileSync('date', ['-d', when, '+%Y-%m-%d %H:%M:%S'], { encoding: 'utf8', env: { ...process.env, TZ: 'Asia/Shanghai' } }).trim();

// kind: subscriber, of the demonstration CA; foreign, of nobody's.
function order(kind, { name, organisation, notBefore = '-335 days', notAfter = '+30 days' }) {
  const dir = `${folder}/demo/subscribers`;
  const token = ['--module', '/usr/lib/softhsm/libsofthsm2.so', '--token', 'xuqi-demo', '--pin-file', `${folder}/keys/pin`, '--ca', `${folder}/ca`];
  const args = [`${folder}/bin/xuqi-demo-ca`, kind, ...(kind === 'subscriber' ? token : []), '--dir', dir, '--name', name,
    '--organisation', organisation, '--not-before', beijing(notBefore), '--not-after', beijing(notAfter)];
  const files = { key: `${dir}/${name}.key`, certificate: `${dir}/${name}.pem`, csr: `${dir}/${name}.csr` };
  return { args, made: (line) => ({ name, organisation, ...JSON.parse(line), ...files }) };
}
export function makeCertificate(kind, options) {
  const { args, made } = order(kind, options);
  return made(asOwner(...args));
}
export async function startCertificate(kind, options) {
  const { args, made } = order(kind, options);
  return made((await startAsOwner(...args)).stdout);
}
