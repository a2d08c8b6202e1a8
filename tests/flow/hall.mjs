// SPDX-License-Identifier: Apache-2.0
// Returned renewals of the web hall, corrected in the session of the account that submitted them. Runs against a prepared
// server that has the platform web-hall.
import { test, before, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { demo, newSubscriber, paidRenewal, sql, ctl } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';
import * as portal from '../support/portal.mjs';

let reviewer;
let made = 0;
before(async () => {
  sql('delete from xuqi.login_failure');
  reviewer = (await client.login(demo, 'reviewer')).json.token;
});
beforeEach(() => sql('delete from xuqi.serial_ask; delete from xuqi.sms_code'));

const refusedWith = (answer, status, code, ...paths) => {
  assert.equal(answer.json?.code, code, answer.text);
  assert.equal(answer.status, status);
  if (paths.length > 0) assert.deepEqual(answer.json.fields.map((it) => it.path).sort(), paths.sort());
};
const MOBILE = '13700137000';
async function submitted(token, subscriber) {
  const answer = await client.call(demo.base_url, 'POST', '/api/v1/renewals', { token, body: await client.application(demo, {
    platform: 'web-hall', organisation: sql(`select substring(subject from 'O=([^,]+)') from xuqi.certificate where serial = '${subscriber.serial}'`),
    change: (it) => ({ ...it, certificate_serial: subscriber.serial }) }) });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
// Submitted by this session, completed, paid, and returned with these names.
async function returned(token, names = ['agent.mobile']) {
  const subscriber = newSubscriber({ organisation: `更正${Date.now().toString(36)}${made++}有限公司`, notBefore: '-400 days', notAfter: '-35 days' });
  const renewal = await submitted(token, subscriber);
  const path = `/api/v1/renewals/${renewal.renewal_no}`;
  const own = { token: renewal.access_token };
  const pdf = await client.call(demo.base_url, 'GET', `${path}/application_form.pdf`, own);
  assert.equal((await client.call(demo.base_url, 'PUT', `${path}/materials/application_form`, { ...own, body: pdf.bytes, type: 'application/pdf' })).status, 201);
  assert.equal((await client.call(demo.base_url, 'POST', `${path}/submission`, { ...own, body: {} })).json.status, 'awaiting_payment');
  await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, (await client.pay(demo, renewal)).json)));
  const answer = await client.giveBack(demo, reviewer, renewal, names);
  assert.equal(answer.json?.status, 'returned', answer.text);
  return { subscriber, renewal };
}
const document = async (renewal, change = {}) => client.correction(demo, renewal, { agent: { mobile: MOBILE }, ...change });
async function send(token, renewal, body, headers = { 'x-xuqi-renewal': renewal.access_token }) {
  const answer = await client.call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/correction`, { token, headers, body });
  conforms('post', '/api/v1/renewals/{no}/correction', answer);
  return answer;
}
const kept = (renewal) => sql(`select count(*) from xuqi.correction where renewal_no = '${renewal.renewal_no}'`);
const digest = (token) => `sha256(decode('${Buffer.from(token, 'base64url').toString('hex')}', 'hex'))`;

test('corrected in the hall, reviewed again and issued to the session', async () => {
  const token = await portal.session();
  const { renewal, subscriber } = await returned(token);
  const body = await document(renewal);
  const answer = await send(token, renewal, body);
  assert.deepEqual(answer.json, { renewal_no: renewal.renewal_no, status: 'awaiting_review', missing: [] });
  const seen = await client.reviewCase(demo, reviewer, renewal);
  assert.equal(seen.json.agent.mobile, '137****7000');
  assert.deepEqual(seen.json.corrections.map((it) => [it.name, it.changed]), [['agent.mobile', true]]);
  assert.equal((await client.approve(demo, reviewer, renewal)).json.status, 'awaiting_install');
  assert.equal((await client.fetchCertificate(demo, subscriber, renewal)).status, 200);
  const [number, readable] = sql(`select count(*), count(*) filter (where position('${MOBILE}'::bytea in evidence_sealed) > 0
    or position('portal_account'::bytea in evidence_sealed) > 0) from xuqi.correction where renewal_no = '${renewal.renewal_no}'`).split(' ');
  assert.deepEqual([number, readable], ['1', '0'], 'what came is sealed');
});

test('the session\'s cookie does it as well, with the header that no foreign page can send', async () => {
  const token = await portal.session();
  const { renewal } = await returned(token);
  const body = await document(renewal);
  const headers = { cookie: `xuqi_portal=${token}`, 'x-xuqi-renewal': renewal.access_token };
  refusedWith(await send(undefined, renewal, body, headers), 401, 'unauthenticated');
  assert.equal((await send(undefined, renewal, body, { ...headers, 'x-xuqi-request': '1' })).json.status, 'awaiting_review');
});

test('a correction in the hall is refused', async (t) => {
  const token = await portal.session();
  const stranger = await portal.session();
  const ended = await portal.session();
  await portal.close(ended);
  const { renewal, subscriber } = await returned(token);
  const other = (await returned(token)).renewal;
  const byKey = await paidRenewal();
  assert.equal((await client.giveBack(demo, reviewer, byKey.renewal, ['agent.mobile'])).json.status, 'returned');
  const cases = [
    ['in another account\'s session', async () => send(stranger, renewal, await document(renewal)), 409, 'portal_renewal_taken'],
    ['in a session that has ended', async () => send(ended, renewal, await document(renewal)), 401, 'unauthenticated'],
    ['without a session', async () => send(undefined, renewal, await document(renewal)), 401, 'unauthenticated'],
    ['in a session nobody opened', async () => send('A'.repeat(43), renewal, await document(renewal)), 401, 'unauthenticated'],
    ['by staff', async () => send(reviewer, renewal, await document(renewal)), 401, 'unauthenticated'],
    ['without the access token', async () => send(token, renewal, await document(renewal), {}), 401, 'access_token_invalid'],
    ['with another renewal\'s access token', async () => send(token, renewal, await document(renewal), { 'x-xuqi-renewal': other.access_token }), 401, 'access_token_invalid'],
    ['signed by the key instead', async () => client.correct(demo, subscriber, renewal, { agent: { mobile: MOBILE } }), 422, 'platform_proof_unsupported'],
    ['of what was submitted with the key', async () => send(token, byKey.renewal, await document(byKey.renewal)), 422, 'platform_proof_unsupported'],
    ['without a nonce', async () => send(token, renewal, await document(renewal, { nonce: undefined })), 422, 'fields_invalid', 'nonce'],
    ['with a foreign nonce', async () => send(token, renewal, await document(renewal, { nonce: 'A'.repeat(43) })), 409, 'nonce_unknown'],
    ['with a nonce of another shape', async () => send(token, renewal, await document(renewal, { nonce: 'x' })), 409, 'nonce_unknown'],
    ['for another renewal', async () => send(token, renewal, await document(other)), 422, 'fields_invalid', 'renewal_no'],
    ['of a field that was not named', async () => send(token, renewal, await document(renewal, { agent: { mobile: MOBILE, name: '李经办' } })), 422, 'correction_unexpected', 'agent.name'],
    ['of nothing', async () => send(token, renewal, await document(renewal, { agent: undefined })), 409, 'correction_incomplete', 'agent.mobile'],
    ['with a number that is none', async () => send(token, renewal, await document(renewal, { agent: { mobile: '1' } })), 422, 'fields_invalid', 'agent.mobile'],
    ['as no JSON', async () => send(token, renewal, '{'), 400, 'json_malformed'],
  ];
  for (const [what, attempt, status, code, ...paths] of cases) await t.test(what, async () => refusedWith(await attempt(), status, code, ...paths));
  assert.deepEqual([kept(renewal), kept(other), kept(byKey.renewal)], ['0', '0', '0']);
  await t.test('when the session was idle for too long', async () => {
    const idle = await portal.session();
    const { renewal: late } = await returned(idle);
    sql(`update xuqi.portal_session set idle_until = now() where token_digest = ${digest(idle)}`);
    refusedWith(await send(idle, late, await document(late)), 401, 'unauthenticated');
  });
  await t.test('when the certificate was revoked', async () => {
    const revoked = await returned(token);
    ctl('certificate', 'revoke', revoked.subscriber.serial, '--reason', 'keyCompromise');
    refusedWith(await send(token, revoked.renewal, await document(revoked.renewal)), 403, 'certificate_revoked');
  });
  assert.equal((await send(token, renewal, await document(renewal))).json.status, 'awaiting_review', 'and possible all the same');
  refusedWith(await send(token, renewal, await document(renewal)), 409, 'renewal_state');
});

test('the same bytes twelve times at once are one correction, and answer their own account only', async () => {
  const [token, stranger] = [await portal.session(), await portal.session()];
  const { renewal } = await returned(token);
  const body = await document(renewal);
  const answers = await Promise.all(Array.from({ length: 12 }, () => send(token, renewal, body)));
  for (const answer of answers) assert.equal(answer.json.status, 'awaiting_review', answer.text);
  assert.equal(kept(renewal), '1');
  refusedWith(await send(stranger, renewal, body), 409, 'portal_renewal_taken');
  await client.giveBack(demo, reviewer, renewal, ['agent.mobile']);
  assert.deepEqual((await send(token, renewal, body)).json.missing, ['agent.mobile'], 'as things are by now');
  refusedWith(await send(token, renewal, { ...body, agent: { mobile: '13600136000' } }), 409, 'nonce_used');
});

test('of two corrections at once one is taken', async () => {
  const token = await portal.session();
  const { renewal } = await returned(token);
  const bodies = [await document(renewal), await document(renewal, { agent: { mobile: '13600136000' } })];
  const answers = await Promise.all(bodies.map((body) => send(token, renewal, body)));
  assert.deepEqual(answers.map((it) => it.json.code ?? it.json.status).sort(), ['awaiting_review', 'renewal_state'], JSON.stringify(answers.map((it) => it.json)));
  assert.equal(kept(renewal), '1');
});
