// SPDX-License-Identifier: Apache-2.0
// Logging in with a client certificate: a web process of the test's own whose staff's address speaks TLS, a CA made here, and
// certificates that are good, revoked, of another CA, too old, or nobody's. Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { conforms } from '../support/openapi.mjs';
import { startWeb } from '../support/extra_web.mjs';
import { events, hire } from '../support/staff.mjs';
import { ctl, demo, folder, sql } from '../support/world.mjs';

const PATH = '/api/v1/staff/sessions/certificate';
const port = Number(new URL(demo.base_url).port) + 6;
let work, web, person;

const openssl = (...args) => execFileSync('openssl', args, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] });
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
function makeCa(name) {
  openssl('req', '-x509', ...key, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '30', '-subj', `/CN=${name}`,
    '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
  writeFileSync(`${work}/${name}.txt`, '');
  writeFileSync(`${work}/${name}.cnf`, `[ca]\ndefault_ca=it\n[it]\ndatabase=${work}/${name}.txt\ncertificate=${work}/${name}.pem\nprivate_key=${work}/${name}.key\n`
    + `new_certs_dir=${work}\nserial=${work}/${name}.srl\ndefault_md=sha256\ndefault_crl_days=1\npolicy=any\nunique_subject=no\n[any]\ncommonName=supplied\n`);
  writeFileSync(`${work}/${name}.srl`, '1000\n');
}
function makeCertificate(ca, name, usage, ...options) {
  openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  writeFileSync(`${work}/${name}.ext`, `extendedKeyUsage=${usage}\nsubjectAltName=IP:127.0.0.1\n`);
  openssl('ca', '-batch', '-config', `${ca}.cnf`, '-in', `${name}.csr`, '-out', `${name}.pem`, '-notext', '-extfile', `${name}.ext`, ...(options.length ? options : ['-days', '5']));
}
const makeList = (ca, ...options) => openssl('ca', '-config', `${ca}.cnf`, '-gencrl', '-out', `${ca}.crl`, ...options);
function readable() {
  const { uid, gid } = statSync(`${folder}/xuqid.yaml`);
  for (const path of [work, ...readdirSync(work).map((name) => `${work}/${name}`)]) chownSync(path, uid, gid);
}

before(async () => {
  work = mkdtempSync(`${folder}/demo/certificates-`);
  for (const ca of ['staff-ca', 'other-ca', 'server-ca']) makeCa(ca);
  makeCertificate('server-ca', 'server', 'serverAuth');
  for (const name of ['good', 'revoked', 'nobodys']) makeCertificate('staff-ca', name, 'clientAuth');
  makeCertificate('staff-ca', 'old', 'clientAuth', '-startdate', '20200101000000Z', '-enddate', '20200102000000Z');
  makeCertificate('staff-ca', 'machine', 'serverAuth');
  makeCertificate('other-ca', 'foreign', 'clientAuth');
  makeList('staff-ca');
  person = hire(['reviewer']);
  readable();
  for (const name of ['good', 'revoked', 'old', 'machine', 'foreign']) ctl('staff', 'certificate', person.name, `${work}/${name}.pem`);
  web = await startWeb('certificate-test', port, {}, (settings) => settings
    .replace(/^ {2}staff_url: http:/m, '  staff_url: https:')
    .replace(/^ {2}staff_address:.*$/m, (line) => `${line}\n  staff_tls_certificate: ${work}/server.pem\n  staff_tls_key: ${work}/server.key\n  staff_client_ca: ${work}/staff-ca.pem\n  staff_client_crl: ${work}/staff-ca.crl`));
});
after(() => web.stop());

function send(method, path, certificate, { token, cookie } = {}) {
  const own = certificate ? { cert: readFileSync(`${work}/${certificate}.pem`), key: readFileSync(`${work}/${certificate}.key`) } : {};
  const body = method === 'GET' ? undefined : '{}';
  return new Promise((resolve, reject) => {
    const req = request(new URL(path, `https://127.0.0.1:${port + 1}`), { method, agent: false, ca: readFileSync(`${work}/server-ca.pem`), ...own,
      headers: { ...(body ? { 'content-type': 'application/json', 'content-length': 2 } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}), ...(cookie ? { cookie } : {}) } }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => resolve({ status: res.statusCode, headers: res.headers, text, json: JSON.parse(text) }));
    });
    req.on('error', reject).end(body);
  });
}
async function refused(certificate, status, code) {
  const answer = await send('POST', PATH, certificate);
  assert.equal(`${answer.status} ${answer.json.code}`, `${status} ${code}`, answer.text);
  conforms('post', PATH, answer);
}
const recorded = () => events('login.refuse', 1)[0].replace(/ certificate=[0-9a-f]{64}$/, '');
const account = () => `staff:${sql(`select id from xuqi.staff where name = '${person.name}'`)}`;

test('a good certificate opens a session of its account, bound to the host', async () => {
  const answer = await send('POST', PATH, 'good');
  assert.equal(answer.status, 201, answer.text);
  conforms('post', PATH, answer);
  assert.equal(answer.json.name, person.name);
  const [cookie] = answer.headers['set-cookie'];
  assert.match(cookie, /^__Host-xuqi_staff=[\w-]{43}; Path=\/; .*; Secure$/);
  assert.equal((await send('GET', '/api/v1/staff/sessions/current', undefined, { cookie: cookie.split(';')[0] })).json.name, person.name);
  assert.equal((await send('GET', '/api/v1/staff/sessions/current', undefined, { cookie: cookie.split(';')[0].replace('__Host-', '') })).json.code, 'unauthenticated');
  assert.match(events('login.open', 1)[0], new RegExp(`^staff:${person.name} ${account()} certificate=`));
});

test('without one there is the password', async () => {
  await refused(undefined, 401, 'client_certificate_missing');
});

test('another CA\'s, a machine\'s, an old one and nobody\'s open nothing, each with its code and a record', async () => {
  const cases = [['foreign', 'client_certificate_untrusted', account()], ['machine', 'client_certificate_untrusted', account()],
    ['old', 'client_certificate_expired', account()], ['nobodys', 'client_certificate_unknown', 'unknown']];
  for (const [certificate, code, object] of cases) {
    await refused(certificate, 401, code);
    assert.equal(recorded(), `staff ${object} ${code}`);
  }
});

test('a revoked one opens nothing as soon as the list says so', async () => {
  assert.equal((await send('POST', PATH, 'revoked')).status, 201);
  openssl('ca', '-config', 'staff-ca.cnf', '-revoke', 'revoked.pem');
  makeList('staff-ca');
  readable();
  await refused('revoked', 401, 'client_certificate_revoked');
  assert.equal(recorded(), `staff ${account()} client_certificate_revoked`);
  assert.equal((await send('POST', PATH, 'good')).status, 201);
});

test('a list that is out of date or away lets nobody in', async () => {
  makeList('staff-ca', '-crl_lastupdate', '20200101000000Z', '-crl_nextupdate', '20200102000000Z');
  readable();
  await refused('good', 503, 'client_certificate_unchecked');
  writeFileSync(`${work}/staff-ca.crl`, 'nothing');
  await refused('good', 503, 'client_certificate_unchecked');
  makeList('staff-ca');
  readable();
  assert.equal((await send('POST', PATH, 'good')).status, 201);
});

test('one that is taken back opens nothing, and its sessions end', async () => {
  const { token } = (await send('POST', PATH, 'good')).json;
  ctl('staff', 'certificate', person.name, `${work}/good.pem`, '--remove');
  assert.equal((await send('GET', '/api/v1/staff/sessions/current', undefined, { token })).json.code, 'session_ended');
  await refused('good', 401, 'client_certificate_unknown');
});
