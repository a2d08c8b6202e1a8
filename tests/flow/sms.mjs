// SPDX-License-Identifier: Apache-2.0
// Codes by SMS, from the question to the phone: limits, the provider's misbehaviour, and that no code is kept or logged.
// Runs against a prepared server with its SMS sandbox.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import { demo, sql } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';
import * as portal from '../support/portal.mjs';

const refusedWith = (answer, status, code) => {
  assert.equal(answer.json?.code, code, answer.text);
  assert.equal(answer.status, status);
};
const outcome = (mobile, result) => portal.until(`${result}`, async () =>
  sql(`select result from xuqi.outbox_done where topic = 'sms_code' order by id desc limit 20`).split('\n').includes(result));
const asked = async (mobile, purpose) => {
  const answer = await portal.askCode(mobile, purpose);
  conforms('post', '/api/v1/portal/sms_codes', answer);
  return answer;
};

test('a code reaches the phone within the signature\'s text and opens a session', async () => {
  const mobile = portal.newMobile();
  assert.equal((await asked(mobile)).status, 202);
  const [message] = await portal.until('the message', async () => (await portal.received(mobile)).length && portal.received(mobile));
  assert.match(message.param.code, /^[0-9]{6}$/);
  assert.deepEqual([message.sign_name, message.template, Object.keys(message.param)], ['续期演示', 'SMS_100000002', ['code']]);
  const opened = await portal.open({ mobile, code: message.param.code });
  conforms('post', '/api/v1/portal/sessions', opened);
  assert.deepEqual([opened.status, opened.json.name, opened.json.proof, opened.json.mobile_masked], [201, null, 'sms_code', `${mobile.slice(0, 3)}****${mobile.slice(7)}`]);
});

test('each purpose has its template, and its code serves no other', async () => {
  const mobile = portal.newMobile();
  const code = await portal.codeFor(mobile, 'register');
  assert.equal((await portal.received(mobile))[0].template, 'SMS_100000001');
  refusedWith(await portal.open({ mobile, code }), 401, 'sms_code_refused');
});

test('a number gets one code a minute, however it is written', async () => {
  const mobile = portal.newMobile();
  assert.equal((await asked(mobile)).status, 202);
  for (const written of [mobile, `+86${mobile}`, `0086 ${mobile}`, mobile.replace(/^.../, '$& ')]) refusedWith(await asked(written), 429, 'sms_limit');
});

test('a question that is not one is refused and leaves no row', async () => {
  const before = sql('select count(*) from xuqi.sms_code');
  for (const [mobile, purpose] of [['12345', 'login'], ['', 'login'], ['23800138000', 'login'], [portal.newMobile(), 'gift'], [portal.newMobile(), '']])
    refusedWith(await asked(mobile, purpose), 422, 'fields_invalid');
  refusedWith(await client.call(demo.base_url, 'POST', '/api/v1/portal/sms_codes', { body: { mobile: portal.newMobile() } }), 422, 'fields_invalid');
  assert.equal(sql('select count(*) from xuqi.sms_code'), before);
});

test('a new password\'s code is answered alike for a known and an unknown number, and sent to the known one', async () => {
  const [known, unknown] = [portal.newMobile(), portal.newMobile()];
  await portal.session(known);
  portal.aMinuteLater();
  const [one, other] = [await asked(known, 'password'), await asked(unknown, 'password')];
  assert.deepEqual([one.status, Object.keys(one.json), one.json.status], [other.status, Object.keys(other.json), other.json.status]);
  await portal.until('the message', async () => (await portal.received(known)).some((it) => it.template === 'SMS_100000003'));
  assert.deepEqual(await portal.received(unknown), []);
});

test('the provider\'s momentary fault is tried again with the same code', async () => {
  const mobile = portal.newMobile();
  await portal.behave(mobile, 'isp.SYSTEM_ERROR');
  await asked(mobile);
  await portal.until('the first try', async () => sql(`select count(*) from xuqi.outbox where topic = 'sms_code' and last_error = 'isp.SYSTEM_ERROR'`) !== '0');
  sql(`update xuqi.outbox set run_at = now() where topic = 'sms_code' and state = 'ready'`);
  const [message] = await portal.until('the message', async () => (await portal.received(mobile)).length && portal.received(mobile));
  assert.equal((await portal.open({ mobile, code: message.param.code })).status, 201);
});

test('what may have been sent is not sent again', async (t) => {
  for (const mode of ['error', 'garbage', 'empty'])
    await t.test(mode, async () => {
      const mobile = portal.newMobile();
      const tries = Number(sql(`select count(*) from xuqi.outbox_done where topic = 'sms_code' and result = 'unknown'`));
      await portal.behave(mobile, mode);
      await asked(mobile);
      await portal.until('the end', async () => Number(sql(`select count(*) from xuqi.outbox_done where topic = 'sms_code' and result = 'unknown'`)) > tries);
      assert.deepEqual(await portal.received(mobile), []);
    });
});

test('the provider\'s own limit ends the try and nothing is repeated', async () => {
  const mobile = portal.newMobile();
  await portal.behave(mobile, 'isv.BUSINESS_LIMIT_CONTROL');
  await asked(mobile);
  await outcome(mobile, 'limited');
});

test('a refusal of our account goes to the dead letters, for a person', async () => {
  const mobile = portal.newMobile();
  await portal.behave(mobile, 'isv.AMOUNT_NOT_ENOUGH');
  await asked(mobile);
  await portal.until('the dead letter', async () => sql(`select count(*) from xuqi.outbox where state = 'dead' and last_error = 'isv.AMOUNT_NOT_ENOUGH'`) !== '0');
  sql(`delete from xuqi.outbox where state = 'dead' and last_error = 'isv.AMOUNT_NOT_ENOUGH'`);
});

test('a code that could not be sent in its time is dropped, not sent late', async () => {
  const mobile = portal.newMobile();
  await portal.behave(mobile, 'isp.SYSTEM_ERROR');
  await asked(mobile);
  await portal.until('the first try', async () => sql(`select count(*) from xuqi.outbox where topic = 'sms_code' and last_error = 'isp.SYSTEM_ERROR'`) !== '0');
  sql(`update xuqi.sms_code set expires_at = now() where id::text in (select dedup_key from xuqi.outbox where topic = 'sms_code');
       update xuqi.outbox set run_at = now() where topic = 'sms_code' and state = 'ready'`);
  await outcome(mobile, 'dropped');
  assert.deepEqual(await portal.received(mobile), []);
});

test('a wrong signature would not have been believed', async () => {
  const answer = await client.call(demo.sms.sandbox, 'POST', '/?PhoneNumbers=13800138000&SignName=x&TemplateCode=SMS_1&TemplateParam=%7B%7D', {
    headers: { authorization: `ACS3-HMAC-SHA256 Credential=LTAI-demo-sandbox,SignedHeaders=host,Signature=${'0'.repeat(64)}` } });
  assert.equal(answer.json.Code, 'SignatureDoesNotMatch');
});

test('the sandbox\'s page says what it is', async () => {
  const page = await client.call(demo.sms.sandbox, 'GET', '/');
  assert.match(page.text, /演示用的替身，不是真实的短信服务/);
});

test('no code and no number is in the log', { skip: !process.env.XUQI_SERVER_LOG }, async () => {
  const mobile = portal.newMobile();
  const code = await portal.codeFor(mobile);
  const log = readFileSync(process.env.XUQI_SERVER_LOG, 'utf8');
  assert.ok(!log.includes(mobile));
  assert.ok(!new RegExp(`[^0-9]${code}[^0-9]`).test(log));
});
