// SPDX-License-Identifier: Apache-2.0
// WeChat Pay through the front door: a code to scan, notices that are booked once, answers that are not believed unless
// WeChat signed them. Judged by wechatpay-axios-plugin. Runs like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as client from '../support/client.mjs';
import { noticeOf, post, refundNoticeOf } from '../support/wechat_sandbox.mjs';
import { demo, newSubscriber, sql } from '../support/world.mjs';
import { askNow, booked, booksRight, isPaid, lastWord, refresh, refusedWith, sleep, state, status, until } from '../support/unionpay.mjs';
import { conforms } from '../support/openapi.mjs';

const { Aes, Formatter, Rsa } = createRequire(import.meta.url)('wechatpay-axios-plugin');
const key = (name) => readFileSync(`${demo.wechat.folder}/${name}`, 'utf8');
const control = async (number, wish = {}) => (await client.call(demo.wechat.url, 'POST', '/sandbox/control', { body: { number, ...wish } })).json;
const notice = (order, mode, event) => post(`${demo.base_url}/notify/wechat`, noticeOf(demo.wechat.folder, order, mode, event));
const code = (text) => JSON.parse(text).code;

// A renewal of a platform that takes WeChat Pay, and its code.
async function unpaid() {
  const subscriber = newSubscriber();
  const renewal = (await client.submit(demo, subscriber)).json;
  sql(`set session_replication_role = replica; update xuqi.renewal set payment_methods = '{wechat,alipay}' where renewal_no = '${renewal.renewal_no}'`);
  return { subscriber, renewal };
}
async function opened() {
  const it = await unpaid();
  const answer = await client.pay(demo, it.renewal, 'wechat');
  assert.equal(answer.status, 201, answer.text);
  return { ...it, ticket: answer.json, attempt: answer.json.attempt_no };
}
const paidThere = async (attempt) => (await control(attempt, { pay: true })).order;

test('the payer scans, WeChat tells, it is booked once and the renewal goes on', async () => {
  const { renewal, ticket, attempt } = await opened();
  conforms('post', '/api/v1/renewals/{no}/payments', await client.pay(demo, renewal, 'wechat'));
  assert.match(ticket.code_url, /^weixin:\/\/wxpay\/bizpayurl\?pr=/);
  assert.match((await client.call(demo.wechat.url, 'GET', '/')).text, /微信支付 · 沙箱 SANDBOX/);
  const { order, statuses } = await control(attempt, { pay: true, push: { copies: 3 } });
  assert.deepEqual(statuses, [200, 200, 200]);
  await isPaid(renewal);
  assert.equal(booked(attempt), '1');
  assert.equal((await client.progress(demo, renewal)).json.order.method, 'wechat');
  assert.equal(sql(`select gateway_txn from xuqi.payment_attempt where attempt_no = '${attempt}'`), order.transaction_id);
  booksRight();
});

test('the order is what the interface asks for, and the official SDK accepts its signature', async () => {
  const { renewal, attempt } = await opened();
  const [asked] = (await control(attempt)).asked;
  const it = Object.fromEntries([...asked.authorization.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1], match[2]]));
  assert.ok(Rsa.verify(Formatter.request(asked.method, asked.url, it.timestamp, it.nonce_str, asked.body), it.signature, Rsa.from(key('merchant.pem'), Rsa.KEY_TYPE_PUBLIC)));
  const body = JSON.parse(asked.body);
  assert.deepEqual([body.mchid, body.appid, body.out_trade_no, body.amount], ['1900000109', 'wxd678efh567hg6787', attempt, { total: renewal.amount_fen, currency: 'CNY' }]);
  assert.equal(body.notify_url, `${demo.base_url}/notify/wechat`);
  assert.match(body.time_expire, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
});

test('a notice made by the official SDK is booked', async () => {
  const { renewal, attempt } = await opened();
  const order = await paidThere(attempt);
  const trade = { mchid: order.mchid, appid: order.appid, out_trade_no: attempt, transaction_id: order.transaction_id, trade_state: 'SUCCESS', success_time: order.success_time, amount: { total: order.amount.total, currency: 'CNY' } };
  const body = JSON.stringify({ id: 'EV-sdk', event_type: 'TRANSACTION.SUCCESS', resource_type: 'encrypt-resource', resource: { algorithm: 'AEAD_AES_256_GCM', nonce: 'abcdefghijkl', associated_data: '',
    ciphertext: Aes.AesGcm.encrypt(JSON.stringify(trade), key('api.key').trim(), 'abcdefghijkl', '') } });
  const [timestamp, nonce] = [Formatter.timestamp(), Formatter.nonce()];
  const answer = await post(`${demo.base_url}/notify/wechat`, { body, headers: { 'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce, 'wechatpay-serial': key('public_key_id').trim(),
    'wechatpay-signature': Rsa.sign(Formatter.response(timestamp, nonce, body), Rsa.from(key('wechat.key'), Rsa.KEY_TYPE_PRIVATE)) } });
  assert.deepEqual([answer.status, answer.text], [200, '{"code":"SUCCESS"}']);
  await isPaid(renewal);
});

test('asking for the code again answers the same attempt', async () => {
  const { renewal, ticket } = await opened();
  const again = (await client.pay(demo, renewal, 'wechat')).json;
  assert.deepEqual([again.attempt_no, again.expires_at], [ticket.attempt_no, ticket.expires_at]);
});

test('a notice that is not right is refused, kept for a person, and books nothing', async (t) => {
  const { attempt, renewal } = await opened();
  const order = await paidThere(attempt);
  const cases = { probe: 'notice_signature', stranger: 'notice_signature', serial: 'notice_signature', old: 'notice_signature', apikey: 'notice_signature', tag: 'notice_signature',
    amount: 'notice_mismatch', mchid: 'notice_mismatch', appid: 'notice_mismatch', currency: 'notice_mismatch', order: 'notice_mismatch', state: 'form_malformed' };
  for (const [mode, expected] of Object.entries(cases))
    await t.test(mode, async () => {
      const answer = await notice(order, mode);
      assert.equal(code(answer.text), expected);
      assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
    });
  assert.equal(booked(attempt), '0');
  assert.equal(await status(renewal), 'awaiting_payment');
  assert.ok(Number(sql(`select count(*) from xuqi.payment_notice where gateway = 'wechat' and verdict in ('refused', 'mismatch') and received_at > now() - interval '1 minute'`)) >= 11);
  assert.equal((await notice(order)).status, 200, 'the right one is still taken');
  await isPaid(renewal);
});

test('a refund notice on the payment path books nothing', async () => {
  const { attempt, renewal } = await opened();
  const order = await paidThere(attempt);
  assert.equal((await post(`${demo.base_url}/notify/wechat`, refundNoticeOf(demo.wechat.folder, order, `${attempt.slice(0, 26)}R001`))).status, 200);
  assert.equal((await notice(order, undefined, 'REFUND.SUCCESS')).status, 400, 'a payment in a refund\'s envelope');
  assert.equal(booked(attempt), '0');
  assert.equal(await status(renewal), 'awaiting_payment');
});

test('twenty notices and a query at once are one booking', async () => {
  const { attempt, renewal } = await opened();
  const order = await paidThere(attempt);
  const answers = await Promise.all([...Array.from({ length: 20 }, () => notice(order)), refresh(demo, renewal, attempt)]);
  assert.ok(answers.every((it) => it.status === 200));
  await isPaid(renewal);
  await sleep(500);
  assert.equal(booked(attempt), '1');
  booksRight();
});

test('no notice comes: the payer\'s page has WeChat asked', async () => {
  const { attempt, renewal } = await opened();
  await paidThere(attempt);
  await refresh(demo, renewal, attempt);
  await isPaid(renewal);
  assert.equal(booked(attempt), '1');
});

test('an answer that WeChat did not sign is unknown, whatever it says', async (t) => {
  for (const mode of ['probe', 'stranger', 'unsigned', 'error500', 'silence', 'reset', 'notfound'])
    await t.test(mode, async () => {
      const { attempt, renewal } = await opened();
      await paidThere(attempt);
      await control(attempt, { answers: [mode] });
      askNow(attempt);
      await until('it was asked', async () => lastWord(attempt) !== '', 20);
      assert.equal(booked(attempt), '0', 'nothing is booked');
      assert.ok(['open', 'unknown'].includes(state(attempt)), 'nothing is closed');
      askNow(attempt);
      await isPaid(renewal);
    });
});

test('no code, no attempt lost: asking again gets one', async (t) => {
  for (const mode of ['error500', 'reset', 'unsigned', 'stranger', 'booked500'])
    await t.test(mode, async () => {
      const { renewal } = await unpaid();
      await control(null, { answers: [mode] });
      const refused = await client.pay(demo, renewal, 'wechat');
      refusedWith(refused, 502, 'gateway_unavailable');
      conforms('post', '/api/v1/renewals/{no}/payments', refused);
      const answer = await client.pay(demo, renewal, 'wechat');
      assert.equal(answer.status, 201, answer.text);
      assert.equal(sql(`select count(*) from xuqi.payment_attempt a join xuqi."order" o using (order_no) where o.renewal_no = '${renewal.renewal_no}'`), '1');
    });
});

test('paid on two rails: the second is the payer\'s, to be refunded', async () => {
  const { renewal, attempt } = await opened();
  const alipay = (await client.pay(demo, renewal, 'alipay')).json;
  await client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, alipay)));
  const order = await paidThere(attempt);
  assert.equal((await notice(order)).status, 200);
  assert.equal(sql(`select state from xuqi.payment_attempt where attempt_no = '${attempt}'`), 'surplus');
  assert.equal(sql(`select gateway || ' ' || reason from xuqi.surplus where attempt_no = '${attempt}'`), 'wechat paid_twice');
  booksRight();
});

test('a coupon does not make it less: what was ordered is booked', async () => {
  const { renewal, attempt } = await opened();
  const order = await paidThere(attempt);
  assert.equal((await notice({ ...order, coupon: 500 })).status, 200);
  await isPaid(renewal);
  assert.equal(sql(`select amount_fen from xuqi.payment_notice where attempt_no = '${attempt}' and verdict = 'settled'`), String(renewal.amount_fen));
});
