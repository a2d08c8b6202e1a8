// SPDX-License-Identifier: Apache-2.0
// Renewals that are not, or not only, proved by the current key: the web hall (a session, the serial number and its owner),
// and the portal whose token names the account. Runs against a prepared server that has the platform web-hall.
import { test, before, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import { demo, newSubscriber, sql, ctl } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';
import * as portal from '../support/portal.mjs';

let reviewer;
let made = 0;
before(async () => {
  reviewer = (await client.login(demo, 'reviewer')).json.token;
});
beforeEach(() => sql('delete from xuqi.serial_ask')); // all of them ask from one address

const refusedWith = (answer, status, code) => {
  assert.equal(answer.json?.code, code, answer.text);
  assert.equal(answer.status, status);
};

// -- the web hall ---------------------------------------------------------------------------------------------------

const expired = (options) => newSubscriber({ organisation: `网厅${Date.now().toString(36)}${made++}（招标）有限公司`, notBefore: '-400 days', notAfter: '-35 days', ...options });
const organisationOf = (subscriber) => sql(`select substring(subject from 'O=([^,]+)') from xuqi.certificate where serial = '${subscriber.serial}'`);
async function form(subscriber, change = {}, platform = 'web-hall') {
  const { organisation, ...rest } = change; // the owner as typed
  const it = await client.application(demo, { platform, organisation: organisationOf(subscriber), change: (form) => ({ ...form, certificate_serial: subscriber.serial, ...rest }) });
  return 'organisation' in change ? { ...it, organisation: { ...it.organisation, name: organisation } } : it;
}
const post = async (token, body) => {
  const answer = await client.call(demo.base_url, 'POST', '/api/v1/renewals', { token, body });
  conforms('post', '/api/v1/renewals', answer);
  return answer;
};
const submit = async (token, subscriber, change) => post(token, await form(subscriber, change));
const lookup = async (token) => {
  const answer = await client.call(demo.base_url, 'POST', '/api/v1/renewals/lookup', { token, body: {} });
  conforms('post', '/api/v1/renewals/lookup', answer);
  return answer;
};
async function fetch(token, renewal, subscriber, headers = { 'x-xuqi-renewal': renewal.access_token }) {
  const answer = await client.call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/certificate`, {
    token, headers, body: { nonce: await client.challenge(demo), signing_csr: readFileSync(subscriber.csr, 'utf8') } });
  conforms('post', '/api/v1/renewals/{no}/certificate', answer);
  return answer;
}
async function complete(renewal) {
  const path = `/api/v1/renewals/${renewal.renewal_no}`;
  const pdf = await client.call(demo.base_url, 'GET', `${path}/application_form.pdf`, { token: renewal.access_token });
  assert.equal(pdf.status, 200, pdf.text);
  const put = await client.call(demo.base_url, 'PUT', `${path}/materials/application_form`, { token: renewal.access_token, body: pdf.bytes, type: 'application/pdf' });
  assert.equal(put.status, 201, put.text);
  assert.equal((await client.call(demo.base_url, 'POST', `${path}/submission`, { token: renewal.access_token, body: {} })).json.status, 'awaiting_payment');
  const paid = (await client.pay(demo, renewal)).json;
  await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, paid)));
  assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_install');
}

test('an expired certificate is renewed in the web hall, from the code to the new certificate', async () => {
  const subscriber = expired();
  const token = await portal.session();
  const submitted = await submit(token, subscriber);
  assert.deepEqual([submitted.status, submitted.json.status], [201, 'draft'], submitted.text);
  const [found] = (await lookup(token)).json.renewals;
  assert.deepEqual([found.renewal_no, found.access_token], [submitted.json.renewal_no, submitted.json.access_token]);
  refusedWith(await fetch(token, submitted.json, subscriber), 409, 'not_paid');
  await complete(submitted.json);
  const stranger = await portal.session();
  refusedWith(await fetch(stranger, submitted.json, subscriber), 409, 'portal_renewal_taken');
  refusedWith(await fetch(token, submitted.json, subscriber, {}), 401, 'access_token_invalid');
  refusedWith(await fetch(undefined, submitted.json, subscriber), 401, 'unauthenticated');
  const issued = await fetch(token, submitted.json, subscriber);
  assert.equal(issued.status, 200, issued.text);
  assert.equal((await fetch(token, submitted.json, subscriber)).json.signing_certificate, issued.json.signing_certificate, 'the same again');
  assert.equal((await client.acknowledge(demo, submitted.json)).json.status, 'completed');
  refusedWith(await submit(token, subscriber), 409, 'certificate_renewed');
});

test('the key itself fetches as well, and a session that has ended does not', async () => {
  const subscriber = expired();
  const token = await portal.session();
  const renewal = (await submit(token, subscriber)).json;
  await complete(renewal);
  await portal.close(token);
  refusedWith(await fetch(token, renewal, subscriber), 401, 'unauthenticated');
  assert.equal((await client.fetchCertificate(demo, subscriber, renewal)).status, 200);
});

test('what was submitted with the key is never fetched by a session', async () => {
  const subscriber = newSubscriber();
  const renewal = (await client.submit(demo, subscriber)).json;
  refusedWith(await fetch(await portal.session(), renewal, subscriber), 409, 'portal_renewal_taken');
});

test('the evidence is sealed, with the account beside the renewal', async () => {
  const token = await portal.session();
  const renewal = (await submit(token, expired())).json;
  const [clear, accounts] = sql(`select count(*) filter (where position('certificate_serial'::bytea in evidence_sealed) > 0), count(p.account_id)
    from xuqi.renewal_content as c join xuqi.renewal_portal as p using (renewal_no) where renewal_no = '${renewal.renewal_no}'`).split(' ');
  assert.deepEqual([clear, accounts], ['0', '1']);
});

test('serial number and owner may be written as people write them', async () => {
  const subscriber = expired();
  const token = await portal.session();
  const first = await submit(token, subscriber);
  const written = await submit(token, subscriber, {
    certificate_serial: `00 ${subscriber.serial.toUpperCase().replace(/..(?=.)/g, '$&:')}`,
    organisation: ` ${organisationOf(subscriber).replace('（', '( ').replace('）', ') ')}　`,
  });
  assert.deepEqual([written.status, written.json.renewal_no], [200, first.json.renewal_no], written.text);
});

test('a submission in the web hall is refused', async (t) => {
  const token = await portal.session();
  const subscriber = expired();
  const valid = newSubscriber();
  const revoked = expired();
  ctl('certificate', 'revoke', revoked.serial, '--reason', 'keyCompromise');
  const cases = [
    ['without a session', async () => post(undefined, await form(subscriber)), 401, 'unauthenticated'],
    ['with an unknown serial number', () => submit(token, subscriber, { certificate_serial: 'abcdef0123' }), 422, 'organisation_mismatch'],
    ['for another owner, in the same words', () => submit(token, subscriber, { organisation: '别的公司' }), 422, 'organisation_mismatch'],
    ['without a serial number', () => submit(token, subscriber, { certificate_serial: undefined }), 422, 'fields_invalid'],
    ['without an owner', () => submit(token, subscriber, { organisation: undefined }), 422, 'fields_invalid'],
    ['with a serial number that is none', () => submit(token, subscriber, { certificate_serial: '序列号' }), 422, 'fields_invalid'],
    ['with a portal\'s token', () => submit(token, subscriber, { portal_token: 'x' }), 422, 'fields_invalid'],
    ['with a foreign nonce', () => submit(token, subscriber, { nonce: 'A'.repeat(43) }), 409, 'nonce_unknown'],
    ['before the certificate has expired', () => submit(token, valid), 403, 'window_not_open'],
    ['of a revoked certificate', () => submit(token, revoked), 403, 'certificate_revoked'],
    ['where the key must sign', () => submit(token, subscriber, { platform: 'sz-consumables' }), 422, 'platform_proof_unsupported'],
    ['signed by the key instead', () => client.submit(demo, subscriber, { platform: 'web-hall' }), 422, 'platform_proof_unsupported'],
    ['nowhere', () => submit(token, subscriber, { platform: 'nowhere' }), 404, 'platform_unknown'],
  ];
  const renewals = sql('select count(*) from xuqi.renewal');
  for (const [what, send, status, code] of cases) await t.test(what, async () => refusedWith(await send(), status, code));
  assert.equal(sql('select count(*) from xuqi.renewal'), renewals);
  const answers = await Promise.all([submit(token, subscriber, { certificate_serial: 'abcdef0123' }), submit(token, subscriber, { organisation: '别的公司' })]);
  const [one, other] = answers.map(({ json: { request_id, ...rest } }) => rest);
  assert.deepEqual(one, other, 'nobody learns which serial numbers there are');
});

test('the very same submission ten times at once makes one renewal', async () => {
  const token = await portal.session();
  const body = await form(expired());
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(token, body)));
  assert.equal(new Set(answers.filter((it) => it.status < 300).map((it) => it.json.renewal_no)).size, 1);
  assert.equal(answers.filter((it) => it.status === 201).length, 1);
  assert.equal((await post(token, body)).status, 200);
});

test('another account does not get the open renewal, not even with the same bytes', async () => {
  const subscriber = expired();
  const [mine, other] = [await portal.session(), await portal.session()];
  const body = await form(subscriber);
  assert.equal((await post(mine, body)).status, 201);
  refusedWith(await post(other, body), 409, 'portal_renewal_taken');
  refusedWith(await submit(other, subscriber), 409, 'portal_renewal_taken');
  assert.deepEqual((await lookup(other)).json.renewals, []);
});

test('of two accounts at once one has the renewal', async () => {
  const subscriber = expired();
  const tokens = [await portal.session(), await portal.session()];
  const bodies = [await form(subscriber), await form(subscriber)];
  const answers = await Promise.all(tokens.map((token, i) => post(token, bodies[i])));
  assert.equal(answers.filter((it) => it.status === 201).length, 1);
  const loser = answers.findIndex((it) => it.status !== 201);
  assert.ok(['busy', 'portal_renewal_taken'].includes(answers[loser].json.code), answers[loser].text);
  refusedWith(await post(tokens[loser], bodies[loser]), 409, 'portal_renewal_taken');
});

test('serial numbers cannot be tried without end', async () => {
  const token = await portal.session();
  const subscriber = expired();
  for (let i = 0; i < 10; i++) refusedWith(await submit(token, subscriber, { certificate_serial: `abc${i}` }), 422, 'organisation_mismatch');
  refusedWith(await submit(token, subscriber, { certificate_serial: 'abc10' }), 429, 'rate_limited');
  refusedWith(await submit(token, subscriber, { certificate_serial: 'abc9' }), 422, 'organisation_mismatch');
});

test('eligibility by serial number answers in a session what a submission would', async () => {
  const subscriber = expired();
  const token = await portal.session();
  const ask = async (body, session = token, platform = 'web-hall') => {
    const answer = await client.call(demo.base_url, 'POST', `/api/v1/platforms/${platform}/eligibility`, { token: session, body });
    conforms('post', '/api/v1/platforms/{platform}/eligibility', answer);
    return answer;
  };
  const named = { certificate_serial: subscriber.serial, organisation: organisationOf(subscriber) };
  assert.deepEqual([(await ask(named)).json.may_apply, (await ask(named)).json.certificate.serial], [true, subscriber.serial]);
  assert.equal((await ask(named, token, 'sz-consumables')).json.code, 'platform_proof_unsupported');
  refusedWith(await ask(named, null), 401, 'unauthenticated');
  refusedWith(await ask({ ...named, organisation: '别的公司' }), 422, 'organisation_mismatch');
  refusedWith(await ask({ certificate_serial: subscriber.serial }), 422, 'fields_invalid');
  refusedWith(await ask({ ...named, certificate: 'x' }), 422, 'fields_invalid');
  await submit(await portal.session(), subscriber);
  assert.equal((await ask(named)).json.code, 'portal_renewal_taken');
});

// -- the portal's token -----------------------------------------------------------------------------------------------

const b64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function jwt(account, { claims = {}, header = {}, signature } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const text = `${b64({ alg: 'ES256', kid: demo.portal.kid, typ: 'JWT', ...header })}.${b64({
    iss: demo.portal.issuer, aud: demo.portal.audience, sub: account, jti: `${process.pid}-${now}-${made++}`, iat: now, exp: now + 300, ...claims })}`;
  const key = { key: readFileSync(demo.portal.private_key, 'utf8'), dsaEncoding: 'ieee-p1363' };
  return `${text}.${(signature ? signature(text) : sign('sha256', Buffer.from(text), key)).toString('base64url')}`;
}
const apply = async (subscriber, token, change = {}) => client.submit(demo, subscriber, { platform: 'pingan', change: (it) => ({ ...it, client_version: '4.6.6', portal_token: token, ...change }) });

test('the account that applies first is the certificate\'s from then on', async () => {
  const subscriber = newSubscriber();
  const first = await apply(subscriber, jwt('acme'));
  assert.equal(first.status, 201, first.text);
  assert.equal((await apply(subscriber, jwt('acme'))).json.renewal_no, first.json.renewal_no);
  const other = await apply(subscriber, jwt('other'));
  refusedWith(other, 403, 'portal_account_mismatch');
  assert.equal(other.json.title, '务必使用申请CA时的帐号登录');
});

test('an account that was recorded beforehand counts', async () => {
  const subscriber = newSubscriber();
  ctl('certificate', 'bind', subscriber.certificate, '--issuer', demo.portal.issuer, '--account', 'acme');
  refusedWith(await apply(subscriber, jwt('other')), 403, 'portal_account_mismatch');
  assert.equal((await apply(subscriber, jwt('acme'))).status, 201);
});

test('the certificate that replaced it belongs to the same account', async () => {
  const subscriber = newSubscriber();
  const renewal = (await apply(subscriber, jwt('acme'))).json;
  const paid = (await client.pay(demo, renewal)).json;
  await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, paid)));
  await client.approve(demo, reviewer, renewal);
  assert.equal((await client.fetchCertificate(demo, subscriber, renewal)).status, 200);
  assert.equal(sql(`select xuqi.certificate_portal_account(fingerprint, '${demo.portal.issuer}') from xuqi.certificate where renewal_no = '${renewal.renewal_no}'`), 'acme');
});

test('a token that is not one is refused, and leaves nothing', async (t) => {
  const subscriber = newSubscriber();
  const now = Math.floor(Date.now() / 1000);
  const jwks = JSON.stringify({ kid: demo.portal.kid });
  const cases = [
    ['none at all', undefined, 'portal_token_missing'],
    ['an empty one', '', 'portal_token_missing'],
    ['text', 'hello', 'portal_token_invalid'],
    ['alg none', jwt('acme', { header: { alg: 'none' }, signature: () => Buffer.alloc(0) }), 'portal_token_invalid'],
    ['HS256', jwt('acme', { header: { alg: 'HS256' }, signature: (text) => createHmac('sha256', jwks).update(text).digest() }), 'portal_token_invalid'],
    ['another kid', jwt('acme', { header: { kid: 'demo-2' } }), 'portal_token_invalid'],
    ['another portal', jwt('acme', { claims: { iss: 'https://other.example.com' } }), 'portal_token_invalid'],
    ['for another service', jwt('acme', { claims: { aud: 'shop' } }), 'portal_token_invalid'],
    ['expired', jwt('acme', { claims: { exp: now - 120 } }), 'portal_token_expired'],
    ['of tomorrow', jwt('acme', { claims: { nbf: now + 3600 } }), 'portal_token_invalid'],
    ['signed by nobody', jwt('acme', { signature: () => Buffer.alloc(64, 7) }), 'portal_token_invalid'],
  ];
  const counts = () => sql('select (select count(*) from xuqi.renewal), (select count(*) from xuqi.portal_token), (select count(*) from xuqi.certificate_portal_account)');
  const before_ = counts();
  for (const [what, token, code] of cases)
    await t.test(what, async () => {
      const answer = await apply(subscriber, token);
      refusedWith(answer, 401, code);
      conforms('post', '/api/v1/renewals', answer);
    });
  assert.equal(counts(), before_);
  refusedWith(await client.submit(demo, newSubscriber(), { change: (it) => ({ ...it, portal_token: jwt('acme') }) }), 422, 'fields_invalid');
});

test('a token is used once; one that was refused for something else is not used', async () => {
  const [one, other] = [newSubscriber(), newSubscriber()];
  const token = jwt('acme');
  refusedWith(await apply(one, token, { term_months: 7 }), 409, 'term_not_offered');
  const application = client.signCms(one, await client.application(demo, { platform: 'pingan', change: (it) => ({ ...it, client_version: '4.6.6', portal_token: token }) }));
  assert.equal((await client.submitSigned(demo, application)).status, 201);
  assert.equal((await client.submitSigned(demo, application)).status, 200, 'the very same bytes may come again');
  refusedWith(await apply(other, token), 409, 'portal_token_used');
  refusedWith(await apply(one, token), 409, 'portal_token_used');
});

test('a token used twice at once is used once', async () => {
  const token = jwt('acme');
  const subscribers = [newSubscriber(), newSubscriber(), newSubscriber()];
  const answers = await Promise.all(subscribers.map((it) => apply(it, token)));
  assert.equal(answers.filter((it) => it.status === 201).length, 1, answers.map((it) => it.text).join('\n'));
  for (const answer of answers.filter((it) => it.status !== 201)) assert.ok(['busy', 'portal_token_used'].includes(answer.json.code), answer.text);
  assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
});
