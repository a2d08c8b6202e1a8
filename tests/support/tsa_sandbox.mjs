// SPDX-License-Identifier: Apache-2.0
// A stand-in for a time-stamping authority (RFC 3161 over HTTP, 3.4), for demonstrations and tests. Its answers are openssl's
// (`openssl ts -reply`) with keys made at run time; it misbehaves when asked to. Its time stamps are worth nothing to anybody.
//   node tsa_sandbox.mjs --make-keys FOLDER
//   node tsa_sandbox.mjs --keys FOLDER --port PORT
// GET /          what it was asked (JSON)
// POST /         a TimeStampReq
// POST /_behave  {"mode": "nonce|imprint|policy|foreign|purpose|refused|cut|garbage|empty|type|error|silent|ok", "times": n}
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const POLICY = '1.3.6.1.4.1.99999.1.1', OTHER_POLICY = '1.3.6.1.4.1.99999.1.2';

const openssl = (cwd, ...args) => execFileSync('openssl', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });

// -- keys: a CA with a time-stamping unit and a signer for something else under it, and a stranger's CA with its own --------------

const section = (folder, name, signer) => `[ ${name} ]
serial = ${folder}/serial
crypto_device = builtin
signer_cert = ${folder}/${signer}.pem
signer_key = ${folder}/${signer}.key
signer_digest = sha256
default_policy = ${POLICY}
other_policies = ${OTHER_POLICY}
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;

function makeCa(folder, name) {
  openssl(folder, 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '3650', '-subj', `/C=CN/O=SANDBOX/CN=${name}`, '-addext', 'keyUsage=critical,keyCertSign');
}
function makeSigner(folder, name, ca, usage) {
  writeFileSync(join(folder, `${name}.ext`), `basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\n${usage}\n`);
  openssl(folder, 'req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/C=CN/O=SANDBOX/CN=${name}`);
  openssl(folder, 'x509', '-req', '-in', `${name}.csr`, '-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial', '-days', '1800', '-sha256', '-extfile', `${name}.ext`, '-out', `${name}.pem`);
}
export function makeKeys(given) {
  const folder = resolve(given);
  if (existsSync(join(folder, 'made'))) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  makeCa(folder, 'tsa-ca');
  makeSigner(folder, 'unit', 'tsa-ca', 'extendedKeyUsage=critical,timeStamping');
  makeSigner(folder, 'mail', 'tsa-ca', 'extendedKeyUsage=critical,emailProtection');
  makeCa(folder, 'foreign-ca');
  makeSigner(folder, 'foreign', 'foreign-ca', 'extendedKeyUsage=critical,timeStamping');
  writeFileSync(join(folder, 'serial'), '01\n');
  writeFileSync(join(folder, 'tsa.cnf'), section(folder, 'good', 'unit') + section(folder, 'other', 'foreign'));
  writeFileSync(join(folder, 'made'), '');
}

// -- answers ---------------------------------------------------------------------------------------------------------------

function reply(folder, work, query, name = 'good', more = []) {
  writeFileSync(join(work, 'query.tsq'), query);
  openssl(work, 'ts', '-reply', '-config', join(folder, 'tsa.cnf'), '-section', name, '-queryfile', 'query.tsq', '-out', 'reply.tsr', ...more);
  return readFileSync(join(work, 'reply.tsr'));
}
// The imprint is the one OCTET STRING of 32 octets in a request.
const imprintAt = (query) => query.indexOf(Buffer.from([0x04, 0x20])) + 2;
const anotherQuery = (work, query, ...options) => {
  openssl(work, 'ts', '-query', '-digest', query.subarray(imprintAt(query), imprintAt(query) + 32).toString('hex'), '-sha256', '-cert', '-out', 'other.tsq', ...options);
  return readFileSync(join(work, 'other.tsq'));
};
// What a signer for something else signs: openssl's own authority would refuse to use it.
function misused(folder, work, query) {
  reply(folder, work, query);
  openssl(work, 'ts', '-reply', '-in', 'reply.tsr', '-token_out', '-out', 'token.der');
  openssl(work, 'cms', '-verify', '-noverify', '-binary', '-inform', 'DER', '-in', 'token.der', '-out', 'info.der');
  openssl(work, 'cms', '-sign', '-binary', '-nodetach', '-cades', '-md', 'sha256', '-econtent_type', '1.2.840.113549.1.9.16.1.4', '-in', 'info.der', '-signer', join(folder, 'mail.pem'), '-inkey', join(folder, 'mail.key'), '-outform', 'DER', '-out', 'forged.der');
  openssl(work, 'ts', '-reply', '-in', 'forged.der', '-token_in', '-out', 'forged.tsr');
  return readFileSync(join(work, 'forged.tsr'));
}

const answers = {
  ok: (folder, work, query) => reply(folder, work, query),
  nonce: (folder, work, query) => reply(folder, work, anotherQuery(work, query)),
  imprint: (folder, work, query) => {
    const other = Buffer.from(query);
    other[imprintAt(query)] ^= 1;
    return reply(folder, work, other);
  },
  policy: (folder, work, query) => { // asked for one, answered under the other: they differ in the last octet
    const other = Buffer.from(query), end = other.indexOf(Buffer.from('868d1f0101', 'hex')) + 4;
    other[end] = 2;
    return reply(folder, work, other);
  },
  foreign: (folder, work, query) => reply(folder, work, query, 'other'),
  purpose: misused,
  refused: (folder, work, query) => reply(folder, work, anotherQuery(work, query, '-tspolicy', '1.2.3.4.5')),
  cut: (folder, work, query) => reply(folder, work, query).subarray(0, -40),
  longer: (folder, work, query) => Buffer.concat([reply(folder, work, query), Buffer.from([0x05, 0x00])]),
  garbage: () => Buffer.from('<html>Bad Gateway</html>'),
  empty: () => Buffer.alloc(0),
  type: (folder, work, query) => reply(folder, work, query),
};

export function answer(given, query, mode = 'ok') {
  const work = mkdtempSync(join(tmpdir(), 'tsa-'));
  try { return answers[mode](resolve(given), work, query); } finally { rmSync(work, { recursive: true, force: true }); }
}

// -- the service -----------------------------------------------------------------------------------------------------------

const KEPT = 200;
const asked = []; // newest first
let behaviours = [];

function behave(body) {
  const { mode, times = 1 } = JSON.parse(body);
  behaviours = mode === 'ok' ? [] : [...behaviours, ...Array(times).fill(mode)];
  return behaviours;
}

function stamp(folder, req, res, body) {
  const wrong = req.headers['content-type'] !== 'application/timestamp-query';
  const mode = behaviours.shift() ?? 'ok';
  asked.unshift({ at: new Date().toISOString(), mode, sha256: createHash('sha256').update(body).digest('hex') });
  asked.length = Math.min(asked.length, KEPT);
  if (mode === 'silent') return; // the connection stays open
  if (wrong || mode === 'error') { res.writeHead(wrong ? 415 : 500, { 'content-type': 'text/html' }).end('<html>error</html>'); return; }
  res.writeHead(200, { 'content-type': mode === 'type' ? 'text/plain' : 'application/timestamp-reply' }).end(answer(folder, body, mode));
}

function serve(folder, req, res, body) {
  const json = (value) => res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (req.method === 'GET' && req.url === '/') json({ note: 'SANDBOX 时间戳沙箱：其时间戳没有效力 its time stamps are worth nothing', asked });
  else if (req.method === 'POST' && req.url === '/_behave') json(behave(body.toString()));
  else if (req.method === 'POST' && req.url === '/') stamp(folder, req, res, body);
  else res.writeHead(404).end();
}

const option = (name) => process.argv[process.argv.indexOf(name) + 1];
if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  if (process.argv.includes('--make-keys')) {
    makeKeys(option('--make-keys'));
  } else if (process.argv.includes('--answer')) { // QUERY MODE: to standard output
    process.stdout.write(answer(option('--keys'), readFileSync(option('--answer')), option('--mode')));
  } else {
    createServer((req, res) => {
      const parts = [];
      req.on('data', (part) => parts.push(part));
      req.on('end', () => {
        try { serve(option('--keys'), req, res, Buffer.concat(parts)); } catch { if (!res.headersSent) res.writeHead(400).end(); }
      });
    }).listen(Number(option('--port')), '127.0.0.1', () => console.log(`tsa sandbox: a stand-in on 127.0.0.1:${option('--port')}`));
  }
}
