// SPDX-License-Identifier: Apache-2.0
// Payments that are not wanted any more are closed at their gateways, and here when the gateway says so. Runs like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import * as alipay from '../support/alipay.mjs';
import * as unionpay from '../support/unionpay.mjs';
import { demo, sql } from '../support/world.mjs';
import { askNow, booksRight, isPaid, lastWord, opened, state, status, toGateway, until } from '../support/unionpay.mjs';

const wechat = async (number, wish = {}) => (await client.call(demo.wechat.url, 'POST', '/sandbox/control', { body: { number, ...wish } })).json;
const allow = (renewal) => sql(`set session_replication_role = replica; update xuqi.renewal set payment_methods = '{wechat,alipay,unionpay}' where renewal_no = '${renewal.renewal_no}'`);
const isClosed = (attempt) => until(`${attempt} is closed, not ${state(attempt)} ${lastWord(attempt)}`, () => state(attempt) === 'closed', 20);
const closes = (asked) => asked.filter((it) => it.url.endsWith('/close')).length;

// One renewal with an open attempt on each rail.
async function three() {
  const first = await opened({ method: 'alipay' });
  allow(first.renewal);
  const form = (await client.pay(demo, first.renewal, 'unionpay')).json;
  const ticket = (await client.pay(demo, first.renewal, 'wechat')).json;
  await toGateway(first.form);
  await toGateway(form);
  return { ...first, union: { form, attempt: form.attempt_no }, wechat: ticket.attempt_no };
}

test('when one is paid the others are closed at their gateways at once; UnionPay, which closes nothing, is asked until its end', async () => {
  const it = await three();
  await alipay.control(it.attempt, { state: 'WAIT_BUYER_PAY' });
  await unionpay.press(demo, it.union.form, 'pay');
  await isPaid(it.renewal);
  await isClosed(it.wechat);
  await isClosed(it.attempt);
  assert.equal((await wechat(it.wechat)).order.state, 'CLOSED');
  assert.equal((await alipay.control(it.attempt)).order.state, 'TRADE_CLOSED');
  assert.equal(lastWord(it.wechat), 'closed CLOSED');
  assert.deepEqual((await wechat(it.wechat)).asked.map((asked) => asked.method).slice(-3), ['GET', 'POST', 'GET'], 'asked, closed there, asked again');
  assert.equal(state(it.union.attempt), 'paid');
  booksRight();
});

test('the closing that got no answer is tried again, and nothing is closed here before', async () => {
  const it = await three();
  await wechat(it.wechat, { answers: [] });
  await client.call(demo.wechat.url, 'POST', '/sandbox/control', { body: { number: `close ${it.wechat}`, answers: ['error500'] } });
  await alipay.control(it.attempt, { state: 'TRADE_SUCCESS', push: {} });
  await isPaid(it.renewal);
  await until('it was tried', async () => closes((await wechat(it.wechat)).asked) === 1, 20);
  await until('it was asked again', () => lastWord(it.wechat).startsWith('not_paid'), 20);
  assert.equal(state(it.wechat), 'open');
  askNow(it.wechat);
  await isClosed(it.wechat);
});

test('paid while it is being closed: the gateway says so, and the money is surplus', async () => {
  const it = await three();
  await wechat(it.wechat, { pay: true });
  await alipay.control(it.attempt, { state: 'TRADE_SUCCESS', push: {} });
  await isPaid(it.renewal);
  await until('it is surplus', () => state(it.wechat) === 'surplus', 20);
  assert.equal(closes((await wechat(it.wechat)).asked), 0, 'what is paid is not closed');
  booksRight();
});

test('a cancelled renewal\'s attempts are closed there', async () => {
  const it = await three();
  await alipay.control(it.attempt, { state: 'WAIT_BUYER_PAY' });
  await client.cancel(demo, it.renewal);
  await isClosed(it.wechat);
  await isClosed(it.attempt);
  assert.equal(state(it.union.attempt), 'open');
  assert.equal(await status(it.renewal), 'cancelled');
});

test('a form that nobody paid in time is closed there before it is closed here', async () => {
  const { attempt, form } = await opened({ method: 'alipay' });
  await toGateway(form);
  await alipay.control(attempt, { state: 'WAIT_BUYER_PAY' });
  sql(`update xuqi.payment_attempt set created_at = created_at - interval '3 hours', expires_at = expires_at - interval '3 hours' where attempt_no = '${attempt}'`);
  askNow(attempt);
  await isClosed(attempt);
  assert.equal((await alipay.control(attempt)).order.state, 'TRADE_CLOSED');
});

test('a renewal that nobody paid waits for its gateways\' word, which are asked to close', async () => {
  const { renewal, attempt, form } = await opened({ method: 'alipay' });
  await toGateway(form);
  await alipay.control(attempt, { state: 'WAIT_BUYER_PAY' });
  sql(`update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where renewal_no = '${renewal.renewal_no}'; select closed from xuqi.housekeeping(90000)`);
  await isClosed(attempt);
  sql('select closed from xuqi.housekeeping(90000)');
  assert.equal(await status(renewal), 'closed');
});

test('alipay-sdk signs the same request to close', async () => {
  const it = await three();
  await alipay.control(it.attempt, { state: 'WAIT_BUYER_PAY' });
  await unionpay.press(demo, it.union.form, 'pay');
  await isClosed(it.attempt);
  const { fields, sent } = (await alipay.control(it.attempt)).asked.find((asked) => asked.fields.method === 'alipay.trade.close');
  assert.ok(client.alipayFormJudged(demo, { fields }).same);
  client.alipaySdk(demo).checkResponseSign(sent, 'alipay_trade_close_response', JSON.parse(sent).sign, '');
});
