// SPDX-License-Identifier: Apache-2.0
// The addresses that issued certificates point to answer what openssl believes: the revocation list, within seconds of a
// revocation, and the CA certificates. Runs against a prepared server like main.mjs.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from '../support/client.mjs';
import { demo, newSubscriber, paidRenewal, ctl, sql } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

const folder = mkdtempSync(join(tmpdir(), 'xuqi-crl-'));
const at = (name) => join(folder, name);
const get = (path) => client.call(demo.base_url, 'GET', path);
const openssl = (...args) => execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const LISTED_WITHIN_S = 30;

let issued;

before(async () => {
  const reviewer = (await client.login(demo, 'reviewer')).json.token;
  const { renewal, subscriber } = await paidRenewal();
  await client.approve(demo, reviewer, renewal);
  const answer = await client.fetchCertificate(demo, subscriber, renewal);
  assert.equal(answer.status, 200, answer.text);
  writeFileSync(at('issued.pem'), answer.json.signing_certificate);
  issued = { serial: openssl('x509', '-in', at('issued.pem'), '-noout', '-serial').trim().split('=')[1], text: openssl('x509', '-in', at('issued.pem'), '-noout', '-text') };
});

// Fetches the list, keeps it as list.pem, has openssl verify its signature, and answers what openssl prints.
async function fetchList() {
  const answer = await get('/crl/issuing.crl');
  assert.equal(answer.status, 200, answer.text);
  conforms('get', '/crl/issuing.crl', answer);
  writeFileSync(at('list.crl'), answer.bytes);
  openssl('crl', '-inform', 'DER', '-in', at('list.crl'), '-out', at('list.pem'));
  const verdict = spawnSync('openssl', ['crl', '-in', at('list.pem'), '-CAfile', await issuingPem(), '-verify', '-noout'], { encoding: 'utf8' });
  assert.match(verdict.stdout + verdict.stderr, /verify OK/);
  const text = openssl('crl', '-in', at('list.pem'), '-noout', '-text');
  return { answer, text, number: Number(text.match(/X509v3 CRL Number:\s+(\d+)/)[1]) };
}

async function issuingPem() {
  const answer = await get('/ca/issuing.cer');
  writeFileSync(at('issuing.cer'), answer.bytes);
  openssl('x509', '-inform', 'DER', '-in', at('issuing.cer'), '-out', at('issuing.pem'));
  return at('issuing.pem');
}

async function listWith(serial) {
  for (const end = Date.now() + LISTED_WITHIN_S * 1000; ; await new Promise((resolve) => setTimeout(resolve, 300))) {
    const list = await fetchList();
    if (list.text.includes(`Serial Number: ${serial}`)) return list;
    assert.ok(Date.now() < end, `${serial} is not listed within ${LISTED_WITHIN_S} s:\n${list.text}`);
  }
}

const verdictOf = (pem) => {
  const made = spawnSync('openssl', ['verify', '-x509_strict', '-crl_check', '-CAfile', demo.ca.root, '-untrusted', at('issuing.pem'), '-CRLfile', at('list.pem'), pem], { encoding: 'utf8' });
  return made.stdout + made.stderr;
};

test('the CA certificates are answered in DER, where issued certificates point', async () => {
  const root = await get('/ca/root.cer');
  const issuing = await get('/ca/issuing.cer');
  conforms('get', '/ca/root.cer', root);
  conforms('get', '/ca/issuing.cer', issuing);
  for (const answer of [root, issuing]) {
    assert.equal(answer.headers['content-type'], 'application/pkix-cert');
    assert.match(answer.headers['cache-control'], /^public, max-age=\d+$/);
  }
  writeFileSync(at('root.cer'), root.bytes);
  assert.equal(openssl('x509', '-inform', 'DER', '-in', at('root.cer')).trim(), readFileSync(demo.ca.root, 'utf8').trim());
  assert.match(openssl('verify', '-x509_strict', '-CAfile', demo.ca.root, await issuingPem()), /OK\s*$/);
  assert.ok(issued.text.includes(`CA Issuers - URI:${demo.base_url}/ca/issuing.cer`));
  assert.ok(issued.text.includes(`URI:${demo.base_url}/crl/issuing.crl`));
});

test('the list is current, verifies, and may be kept for a while', async () => {
  const { answer, text } = await fetchList();
  assert.equal(answer.headers['content-type'], 'application/pkix-crl');
  assert.equal(answer.headers['cache-control'], 'public, max-age=300');
  assert.match(text, /Version 2 \(0x1\)/);
  const time = (name) => new Date(text.match(new RegExp(`${name}: (.*)`))[1]).getTime();
  assert.ok(time('Last Update') <= Date.now());
  assert.equal(time('Next Update') - time('Last Update'), 24 * 3600e3);
  const head = await client.call(demo.base_url, 'HEAD', '/crl/issuing.crl');
  assert.equal(head.status, 200);
  assert.equal(head.bytes.length, 0);
});

test('an issued certificate is good before its revocation and revoked after it', async () => {
  const earlier = await fetchList();
  assert.ok(!earlier.text.includes(issued.serial));
  assert.match(verdictOf(at('issued.pem')), /issued\.pem: OK/);
  ctl('certificate', 'revoke', issued.serial.toLowerCase(), '--reason', 'keyCompromise');
  const list = await listWith(issued.serial);
  assert.ok(list.number > earlier.number, 'the number grows');
  assert.match(list.text, new RegExp(`Serial Number: ${issued.serial}\\s+Revocation Date: [^\\n]*\\s+CRL entry extensions:\\s+X509v3 CRL Reason Code:\\s+Key Compromise`));
  assert.match(verdictOf(at('issued.pem')), /certificate revoked/);
});

test('an imported certificate of the same CA is listed; a reason in other words is left out', async () => {
  const subscriber = newSubscriber();
  const serial = openssl('x509', '-in', subscriber.certificate, '-noout', '-serial').trim().split('=')[1];
  ctl('certificate', 'revoke', subscriber.serial, '--reason', 'lost on a train');
  const { text } = await listWith(serial);
  const after = text.split(`Serial Number: ${serial}`)[1].split('Serial Number:')[0];
  assert.ok(!after.includes('Reason Code'));
  assert.match(verdictOf(subscriber.certificate), /certificate revoked/);
});

test('a serial that may have been signed is listed, and the renewal gets another', async () => {
  const reviewer = (await client.login(demo, 'reviewer')).json.token;
  const { renewal, subscriber } = await paidRenewal();
  await client.approve(demo, reviewer, renewal);
  const no = renewal.renewal_no;
  const serial = `4a${randomBytes(15).toString('hex')}`;
  const tbs = execFileSync('openssl', ['x509', '-in', at('issued.pem'), '-outform', 'DER']).toString('hex');
  const id = sql(`select issuance_id from xuqi.issuer_lease as l, xuqi.renewal as r, xuqi.issuance_intend(l.fence, array['${no}'],
      array[sha256('${await client.challenge(demo)}')], array[sha256('${serial}')], array['csr'::bytea], array[sha256('request')],
      array[decode('${serial}', 'hex')], array[now()], array[r.not_after], array[decode('${tbs}', 'hex')],
      array[xuqi.renewal_content_hash('${no}')]) where r.renewal_no = '${no}'`);
  sql(`select xuqi.issuance_abandon(fence, ${id}, 'drill') from xuqi.issuer_lease`);
  const { text } = await listWith(serial.toUpperCase());
  assert.match(text.split(`Serial Number: ${serial.toUpperCase()}`)[1].split('Serial Number:')[0], /Cessation Of Operation/);
  assert.equal((await client.fetchCertificate(demo, subscriber, renewal)).status, 200);
});
