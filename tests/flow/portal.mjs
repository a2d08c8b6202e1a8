// SPDX-License-Identifier: Apache-2.0
// The web hall: accounts, sessions and passwords, through the front door. Runs against a prepared server with its SMS
// sandbox.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { demo, sql } from '../support/world.mjs';
import * as client from '../support/client.mjs';
import { conforms } from '../support/openapi.mjs';
import * as portal from '../support/portal.mjs';

const PASSWORD = 'a long enough password';
let named = 0;
const newName = () => `u${Date.now().toString(36)}${named++}`;
const refusedWith = (answer, status, code) => {
  assert.equal(answer.json?.code, code, answer.text);
  assert.equal(answer.status, status);
};
async function registered({ mobile = portal.newMobile(), name = newName(), password = PASSWORD } = {}) {
  const answer = await portal.register({ mobile, code: await portal.codeFor(mobile, 'register'), name, password });
  conforms('post', '/api/v1/portal/accounts', answer);
  assert.equal(answer.status, 201, answer.text);
  return { mobile, name, password, token: answer.json.token };
}

// -- accounts -----------------------------------------------------------------------------------------------------

test('who has the code registers and is logged in', async () => {
  const account = await registered();
  const who = await portal.current(account.token);
  conforms('get', '/api/v1/portal/sessions/current', who);
  assert.deepEqual([who.json.name, who.json.proof], [account.name, 'portal_account']);
  const row = sql(`select encode(mobile_sealed, 'escape') || mobile_masked || password_hash from xuqi.portal_account where name = '${account.name}'`);
  assert.ok(!row.includes(account.mobile) && row.includes('$argon2id$'));
});

test('the password opens by name and by number, whatever the case', async () => {
  const account = await registered();
  for (const typed of [account.name, account.name.toUpperCase(), account.mobile, `+86 ${account.mobile}`]) {
    const answer = await portal.open({ account: typed, password: PASSWORD });
    conforms('post', '/api/v1/portal/sessions', answer);
    assert.equal(answer.status, 201, answer.text);
  }
});

test('registering is refused', async (t) => {
  const account = await registered();
  const mobile = portal.newMobile();
  const code = await portal.codeFor(mobile, 'register');
  const good = { mobile, code, name: newName(), password: PASSWORD };
  const cases = [
    ['with a wrong code', { code: code === '000000' ? '000001' : '000000' }, 401, 'sms_code_refused'],
    ['for another number', { mobile: portal.newMobile() }, 401, 'sms_code_refused'],
    ['under a name that is taken', { name: account.name }, 409, 'account_name_taken'],
    ['under a number as name', { name: '13800138000' }, 422, 'fields_invalid'],
    ['under a name in capitals', { name: 'Capital' }, 422, 'fields_invalid'],
    ['with a short password', { password: 'short' }, 422, 'fields_invalid'],
    ['with one character eight times', { password: 'aaaaaaaa' }, 422, 'fields_invalid'],
    ['with a member too many', { role: 'admin' }, 422, 'fields_invalid'],
  ];
  for (const [what, change, status, refusal] of cases)
    await t.test(what, async () => {
      const answer = await portal.register({ ...good, ...change });
      refusedWith(answer, status, refusal);
      conforms('post', '/api/v1/portal/accounts', answer);
    });
  assert.equal((await portal.register(good)).status, 201, 'and possible all the same');
  portal.aMinuteLater();
  refusedWith(await portal.register({ ...good, name: newName(), code: await portal.codeFor(mobile, 'register') }), 409, 'account_exists');
});

test('of ten that use one code at once one registers', async () => {
  const mobile = portal.newMobile();
  const code = await portal.codeFor(mobile, 'register');
  const answers = await Promise.all(Array.from({ length: 10 }, () => portal.register({ mobile, code, name: newName(), password: PASSWORD })));
  assert.equal(answers.filter((it) => it.status === 201).length, 1);
  for (const answer of answers.filter((it) => it.status !== 201)) assert.ok(['sms_code_refused'].includes(answer.json.code), answer.text);
});

// -- logging in ---------------------------------------------------------------------------------------------------

test('a code used ten times at once opens one session', async () => {
  const mobile = portal.newMobile();
  const code = await portal.codeFor(mobile);
  const answers = await Promise.all(Array.from({ length: 10 }, () => portal.open({ mobile, code })));
  assert.deepEqual(answers.map((it) => it.status).sort(), [201, ...Array(9).fill(401)]);
});

test('the fifth wrong code ends it, also for the right one', async () => {
  const mobile = portal.newMobile();
  const code = await portal.codeFor(mobile);
  const wrong = String((Number(code) + 1) % 1e6).padStart(6, '0');
  for (const left of [4, 3, 2, 1, 0]) {
    const answer = await portal.open({ mobile, code: wrong });
    refusedWith(answer, 401, 'sms_code_refused');
    assert.equal(answer.json.sms_code.tries_left, left);
  }
  refusedWith(await portal.open({ mobile, code }), 401, 'sms_code_refused');
});

test('an expired code is refused in the same words', async () => {
  const mobile = portal.newMobile();
  const code = await portal.codeFor(mobile);
  sql(`update xuqi.sms_code set expires_at = now() where ended_at is null`);
  refusedWith(await portal.open({ mobile, code }), 401, 'sms_code_refused');
});

test('a login is refused alike for a wrong password and an unknown account', async () => {
  const account = await registered();
  const took = async (typed) => {
    const start = process.hrtime.bigint();
    const answer = await portal.open({ account: typed, password: 'not the password' });
    return { answer, ms: Number(process.hrtime.bigint() - start) / 1e6 };
  };
  const [known, unknown] = [await took(account.name), await took(newName())];
  for (const { answer } of [known, unknown]) {
    refusedWith(answer, 401, 'portal_login_refused');
    conforms('post', '/api/v1/portal/sessions', answer);
  }
  const { request_id: one, ...text } = known.answer.json;
  const { request_id: other, ...same } = unknown.answer.json;
  assert.notEqual(one, other);
  assert.deepEqual(text, same);
  assert.ok(unknown.ms > known.ms / 4, `an unknown account is not answered at once: ${unknown.ms} and ${known.ms} ms`);
});

test('five wrong passwords lock the account, also by its number, and a new password unlocks it', async () => {
  const account = await registered();
  for (let i = 0; i < 5; i++) refusedWith(await portal.open({ account: i % 2 ? account.name : account.mobile, password: 'not the password' }), 401, 'portal_login_refused');
  refusedWith(await portal.open({ account: account.mobile, password: PASSWORD }), 429, 'login_locked');
  portal.aMinuteLater();
  const code = await portal.codeFor(account.mobile, 'password');
  const changed = await portal.changePassword({ mobile: account.mobile, code, password: 'another password 2' });
  conforms('put', '/api/v1/portal/password', changed);
  assert.deepEqual(changed.json, { status: 'changed' });
  refusedWith(await portal.current(account.token), 401, 'unauthenticated');
  refusedWith(await portal.changePassword({ mobile: account.mobile, code, password: 'another password 3' }), 401, 'sms_code_refused');
  assert.equal((await portal.open({ account: account.name, password: 'another password 2' })).status, 201);
  refusedWith(await portal.open({ account: account.name, password: PASSWORD }), 401, 'portal_login_refused');
  sql(`delete from xuqi.login_failure where kind like 'portal%'`);
});

test('a login is one of the two ways, whole', async () => {
  for (const body of [{}, { account: 'x' }, { mobile: '13800138000' }, { account: 'x', code: '123456' }, { account: 'x', password: 'y', mobile: '13800138000', code: '123456' }])
    refusedWith(await portal.open(body), 422, 'fields_invalid');
});

// -- sessions -----------------------------------------------------------------------------------------------------

test('the cookie is for pages only: HttpOnly, SameSite, and writes need a header beside it', async () => {
  const mobile = portal.newMobile();
  const answer = await portal.open({ mobile, code: await portal.codeFor(mobile) });
  const [cookie] = answer.headers['set-cookie'];
  assert.match(cookie, /^xuqi_portal=[\w-]{43}; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict/);
  const headers = { cookie: cookie.split(';')[0] };
  assert.equal((await portal.current(null, { headers })).status, 200);
  refusedWith(await portal.close(null, { headers }), 401, 'unauthenticated');
  const closed = await portal.close(null, { headers: { ...headers, 'x-xuqi-request': '1' } });
  conforms('delete', '/api/v1/portal/sessions/current', closed);
  assert.equal(closed.status, 200);
  refusedWith(await portal.current(null, { headers }), 401, 'unauthenticated');
});

test('a session ends by itself when unused, and for good', async () => {
  const [idle, old] = [await portal.session(), await portal.session()];
  const digest = (token) => `sha256(decode('${Buffer.from(token, 'base64url').toString('hex')}', 'hex'))`;
  sql(`update xuqi.portal_session set idle_until = now() where token_digest = ${digest(idle)}`);
  sql(`update xuqi.portal_session set expires_at = now() where token_digest = ${digest(old)}`);
  for (const token of [idle, old]) refusedWith(await portal.current(token), 401, 'unauthenticated');
});

test('staff and the web hall do not open each other\'s doors', async () => {
  const token = await portal.session();
  refusedWith(await client.call(demo.base_url, 'GET', '/api/v1/staff/sessions/current', { token }), 401, 'session_foreign');
  const staff = (await client.login(demo, 'finance')).json.token;
  refusedWith(await portal.current(staff), 401, 'unauthenticated');
  for (const guess of [undefined, 'x', 'A'.repeat(43)]) refusedWith(await portal.current(guess), 401, 'unauthenticated');
});
