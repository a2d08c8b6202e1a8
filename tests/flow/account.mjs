// SPDX-License-Identifier: Apache-2.0
// 金融认证: 0.01 yuan with a code in its remark, through the bank's front end (the sandbox), which does not answer, answers
// wrongly, refuses, and sends back; corrections, tries, and codes as people type them. Runs like main.mjs.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { ctl, demo as installed, newSubscriber, sql } from '../support/world.mjs';
import { startWeb } from '../support/extra_web.mjs';
import { conforms } from '../support/openapi.mjs';
import { watch } from '../support/watch.mjs';

const platform = 'account-test';
let web, demo, made = 0;

before(async () => {
  const port = Number(new URL(installed.base_url).port) + 6;
  web = await startWeb('account-test', port, {
    [platform]: (texts) => texts['szca-bidding'].replace(/^proofs: .*$/m, 'proofs: [current_key]').replace(/^ {2}always: \[application_form\]$/m, '  always: []')
      .replace(/^identity_steps: .*$/m, 'identity_steps: []').replace(/^review:\n.*\n.*$/m, 'review:\n  kind: automatic').replace(/^open_per_organisation: .*$/m, 'open_per_organisation: 0'),
  });
  demo = web.demo;
  await behave('ok');
});
after(() => web.stop());

// -- the bank's stand-in

async function sandbox(path, body) {
  const answer = await client.call(installed.citic.url, body === undefined ? 'GET' : 'POST', path, { body });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}
const behave = (mode, account = '', options = {}) => sandbox('/sandbox/behave', { mode, account, ...options });
const paymentsTo = async (account) => (await sandbox('/?json')).payments.filter((it) => it.account === account);
const codeOf = async (account) => (await paymentsTo(account)).at(-1).remark.slice(0, 6);

// -- the applicant's page

const account = () => `4405010000${String(Date.now()).slice(-6)}${String(++made).padStart(4, '0')}`;
const call = (renewal, method, rest, options = {}) => client.call(demo.base_url, method, `/api/v1/renewals/${renewal.renewal_no}${rest}`, { token: renewal.access_token, ...options });
async function put(renewal, change = {}) {
  const answer = await call(renewal, 'PUT', '/account', { body: { name: renewal.organisation, number: account(), bank_name: '中国工商银行', bank_code: '102100099996', ...change } });
  conforms('put', '/api/v1/renewals/{no}/account', answer);
  return answer;
}
async function confirm(renewal, code) {
  const answer = await call(renewal, 'POST', '/account/confirmation', { body: { code } });
  conforms('post', '/api/v1/renewals/{no}/account/confirmation', answer);
  return answer;
}
const refusedWith = (answer, status, code) => assert.deepEqual([answer.json?.code, answer.status], [code, status], answer.text);
async function progress(renewal) {
  const answer = await client.progress(demo, renewal);
  conforms('get', '/api/v1/renewals/{no}', answer);
  return answer.json;
}
async function eventually(what, check, seconds = 12) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const value = await check();
    if (value) return value;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  return assert.fail(`${what} within ${seconds} s`);
}
const becomes = (renewal, state, payout) => eventually(`${state} ${payout ?? ''}`, async () => {
  const it = (await progress(renewal)).account_verification;
  return it?.state === state && (payout === undefined || it.payout === payout) && it;
});

// Paid online, and nobody reviews: the 0.01 yuan is under way.
async function paid(number = account(), change = (it) => it) {
  const subscriber = newSubscriber({ notBefore: '-400 days', notAfter: '-35 days' });
  const answer = await client.submit(demo, subscriber, { platform, change: (it) => change({ ...it, client_version: '1.0', invoice: { kind: 'none' }, basic_account: { ...it.basic_account, number } }) });
  assert.equal(answer.status, 201, answer.text);
  const form = (await client.pay(demo, answer.json)).json;
  assert.equal((await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)))).text, 'success');
  return { ...answer.json, subscriber, organisation: subscriber.organisation, number };
}

test('the code that arrives is typed in, and the certificate may be fetched', async () => {
  const renewal = await paid();
  const page = await watch(demo, renewal);
  for (let seen = ''; seen !== 'confirming';) seen = (await page.next()).data.account_verification?.state;
  const [arrived] = await paymentsTo(renewal.number);
  assert.deepEqual([arrived.amount, arrived.name, arrived.sent, /^\d{6}金融认证$/.test(arrived.remark)], [1, renewal.organisation, 1, true]);
  const stands = (await progress(renewal)).account_verification;
  assert.deepEqual([stands.state_name, stands.mode, stands.payout, stands.tries_left, stands.payouts_left, stands.account], ['已打款', 'code_entry', 'paid', 3, 2, `****${renewal.number.slice(-4)}`]);
  assert.match(stands.hint, /附言开头的6位数字/);
  const days = (new Date(stands.expires_at) - Date.now()) / 86400e3;
  assert.ok(days > 9.99 && days < 10.01, String(days));

  refusedWith(await confirm(renewal, '请查收'), 422, 'fields_invalid');
  refusedWith(await confirm(renewal, '1234567'), 422, 'fields_invalid');
  const right = await codeOf(renewal.number);
  const wrong = await confirm(renewal, right === '000000' ? '000001' : '000000');
  refusedWith(wrong, 409, 'account_code_wrong');
  assert.equal(wrong.json.account.tries_left, 2);
  const typed = `附言：${[...right].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join('')}金融认证`; // full width, copied whole
  const done = await confirm(renewal, typed);
  assert.equal(done.status, 200, done.text);
  assert.deepEqual([done.json.status, done.json.account_verification.state, done.json.account_verification.proof], ['awaiting_install', 'passed', 'code']);
  assert.equal((await confirm(renewal, right)).status, 200, 'the same again');
  const order = await call(renewal, 'GET', '/order');
  conforms('get', '/api/v1/renewals/{no}/order', order);
  assert.equal(order.json.account_verification.state_name, '金融认证通过');
  page.close();
});

test('nobody without the renewal\'s token pays or confirms', async () => {
  const renewal = await paid();
  const other = await paid();
  for (const [method, rest, body] of [['PUT', '/account', { name: 'a', number: '1', bank_name: 'b', bank_code: '1' }], ['POST', '/account/confirmation', { code: '123456' }]]) {
    refusedWith(await call({ ...renewal, access_token: other.access_token }, method, rest, { body }), 401, 'access_token_invalid');
  }
});

for (const mode of ['silent_paid', 'error_paid', 'garbage_paid', 'reset_paid', 'pending']) {
  test(`a payment that was made is found, though the bank's answer was ${mode}`, async () => {
    const number = account();
    await behave(mode, number);
    const renewal = await paid(number);
    await becomes(renewal, 'confirming', 'paid');
    const all = await paymentsTo(number);
    assert.deepEqual([all.length, all[0].sent], [1, 1], 'asked for once');
    assert.equal((await confirm(renewal, await codeOf(number))).json.status, 'awaiting_install');
  });
}

test('what never arrived is never sent again: it is a person\'s, and he decides', async () => {
  const number = account();
  await behave('reset_lost', number);
  const renewal = await paid(number);
  await becomes(renewal, 'paying', 'sent');
  refusedWith(await put(renewal), 409, 'payout_pending');
  const client_id = (await paymentsTo(number))[0].client_id;
  await eventually('asked', () => Number(sql(`select asked from xuqi.payout where client_id = '${client_id}'`)) >= 2);
  assert.match(ctl('payout', 'list'), new RegExp(`${client_id} sent`));
  assert.match(ctl('payout', 'decide', client_id, '--as', 'failed', '--evidence', 'not on the statement', '--by', 'chen'), /decided/);
  assert.equal((await becomes(renewal, 'failed')).reason, 'bank_temporary');
  assert.equal((await paymentsTo(number))[0].sent, 1);
  assert.equal((await put(renewal, { number })).status, 200);
  await becomes(renewal, 'confirming', 'paid');
});

for (const [mode, text, reason, fix] of [
  ['refuse', '收款账号不存在', 'account_invalid', /核对基本户账号/], ['fail', '账号户名不符', 'name_mismatch', /以本单位名称开立/],
  ['fail', '账户已关户', 'closed_or_frozen', /联系开户行/], ['fail', '银行系统忙，请稍后再试', 'bank_temporary', /稍后用同样的资料/],
]) {
  test(`"${text}" is told as ${reason}, with what to do`, async () => {
    const number = account();
    await behave(mode, number, { text });
    const renewal = await paid(number);
    const stands = await becomes(renewal, 'failed', 'failed');
    assert.equal(stands.reason, reason);
    assert.match(stands.hint, fix);
    refusedWith(await confirm(renewal, '123456'), 409, 'account_not_paid');
    const corrected = account();
    const answer = await put(renewal, { number: corrected.replace(/(\d{4})(?=\d)/g, '$1 ') });
    assert.equal(answer.status, 200, answer.text);
    await becomes(renewal, 'confirming', 'paid');
    assert.equal((await confirm(renewal, await codeOf(corrected))).json.status, 'awaiting_install');
  });
}

test('an account in another name is not paid', async () => {
  const number = account();
  await behave('fail', number, { text: '账号户名不符' });
  const renewal = await paid(number);
  await becomes(renewal, 'failed');
  const answer = await put(renewal, { name: '别的有限公司' });
  refusedWith(answer, 422, 'fields_invalid');
  assert.deepEqual(answer.json.fields.map((it) => `${it.path} ${it.code}`), ['basic_account.name differs_from_organisation']);
  const wrong = await put(renewal, { number: '12ab', bank_code: '1' });
  assert.deepEqual(wrong.json.fields.map((it) => it.path), ['basic_account.bank_code', 'basic_account.number']);
});

test('three wrong codes need another payment, and three payments are all there are', async () => {
  const renewal = await paid();
  await becomes(renewal, 'confirming');
  const guess = async () => { const right = await codeOf(renewal.number); return right === '000000' ? '000001' : '000000'; };
  for (const code of ['account_code_wrong', 'account_code_wrong', 'account_tries_used', 'account_tries_used']) refusedWith(await confirm(renewal, await guess()), 409, code);
  refusedWith(await confirm(renewal, await codeOf(renewal.number)), 409, 'account_tries_used');
  const answers = await Promise.all(Array.from({ length: 8 }, () => put(renewal, { number: renewal.number })));
  assert.deepEqual(answers.map((it) => it.status), Array(8).fill(200));
  await becomes(renewal, 'confirming', 'paid');
  assert.equal((await paymentsTo(renewal.number)).length, 2, 'eight clicks are one payment');
  const [first, second] = (await paymentsTo(renewal.number)).map((it) => it.remark.slice(0, 6));
  if (first !== second) refusedWith(await confirm(renewal, first), 409, 'account_code_wrong');
  await put(renewal);
  await becomes(renewal, 'confirming', 'paid');
  const last = await progress(renewal);
  assert.equal(last.account_verification.payouts_left, 0);
  refusedWith(await put(renewal), 409, 'account_payouts_used');
});

test('no code is in the log, the database or an answer', async () => {
  const renewal = await paid();
  await becomes(renewal, 'confirming');
  const code = await codeOf(renewal.number);
  const row = sql(`select to_jsonb(p)::text || to_jsonb(v)::text from xuqi.payout p join xuqi.account_verification v using (renewal_no) where renewal_no = '${renewal.renewal_no}'`);
  assert.doesNotMatch(row.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+/g, '').replaceAll(/XQ\d+|\\\\x[0-9a-f]+|01\d{15}/g, ''), new RegExp(code));
  assert.ok(!JSON.stringify((await progress(renewal)).account_verification).includes(code));
  assert.ok(!row.includes(renewal.number), 'the account is sealed');
});
