// SPDX-License-Identifier: Apache-2.0
// Alipay is asked, not only heard: the query's request and answer, judged by alipay-sdk; notices that never come. Runs like
// main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import { control, notice, opened, paidThere, press, there, wasAsked } from '../support/alipay.mjs';
import { demo, sql } from '../support/world.mjs';
import { askNow, booked, booksRight, isPaid, lastWord, refresh, sleep, state, toGateway, until } from '../support/unionpay.mjs';

const NODE = 'alipay_trade_query_response';
const PAID = { state: 'TRADE_SUCCESS' };

test('the payer pays on the page, Alipay tells, it is booked once', async () => {
  const { renewal, attempt } = await there();
  const page = await press(attempt, 'pay');
  assert.match(page.text, /支付成功 paid/);
  assert.ok(page.text.includes(`${demo.base_url}/order/${renewal.renewal_no}`), 'the way back');
  await isPaid(renewal);
  assert.equal(booked(attempt), '1');
  assert.equal((await client.progress(demo, renewal)).json.order.method, 'alipay');
  booksRight();
});

test('no notice comes: the payer\'s page has Alipay asked', async () => {
  const { renewal, attempt } = await there(PAID);
  assert.equal((await refresh(demo, renewal, attempt)).status, 200);
  await isPaid(renewal);
  assert.equal(booked(attempt), '1');
  const { order } = await control(attempt);
  assert.equal(sql(`select gateway_txn || ' ' || amount_fen || ' ' || (paid_at at time zone 'Asia/Shanghai') from xuqi.payment_attempt where attempt_no = '${attempt}'`), `${order.trade_no} 20000 ${order.paid_at}`);
  assert.equal(sql(`select buyer_masked from xuqi.payment_notice where attempt_no = '${attempt}' and verdict = 'settled'`), '2088********5135');
  booksRight();
});

test('no notice and no page: jobs asks by itself', async () => {
  const { renewal, attempt } = await there(PAID);
  await isPaid(renewal);
  assert.equal(booked(attempt), '1');
});

test('alipay-sdk signs the same request, and accepts the same answer', async () => {
  const { renewal, attempt } = await there(PAID);
  await refresh(demo, renewal, attempt);
  await isPaid(renewal);
  const { fields, sent } = (await control(attempt)).asked.at(-1);
  assert.equal(fields.method, 'alipay.trade.query');
  assert.equal(fields.biz_content, `{"out_trade_no":"${attempt}"}`);
  assert.ok(client.alipayFormJudged(demo, { fields }).same, 'the SDK signs the same');
  client.alipaySdk(demo).checkResponseSign(sent, NODE, JSON.parse(sent).sign, '');
  assert.throws(() => client.alipaySdk(demo).checkResponseSign(sent.replace('200.00', '200.01'), NODE, JSON.parse(sent).sign, ''));
  assert.equal(sql(`select encode(raw, 'hex') from xuqi.payment_notice where attempt_no = '${attempt}' and verdict = 'settled'`), Buffer.from(sent).toString('hex'), 'what was booked is kept as it came');
});

test('notice and query at once are one booking', async () => {
  const { renewal, form, attempt } = await there(PAID);
  const answers = await Promise.all([...Array.from({ length: 20 }, () => notice(form)), refresh(demo, renewal, attempt)]);
  assert.ok(answers.every((it) => it.status === 200));
  await isPaid(renewal);
  await sleep(500);
  assert.equal(booked(attempt), '1');
  booksRight();
});

test('signed answers are read however they are written', async (t) => {
  for (const mode of ['signfirst', 'nested', 'escaped'])
    await t.test(mode, async () => {
      const { renewal, attempt } = await paidThere(mode);
      askNow(attempt);
      await isPaid(renewal);
      assert.equal((await control(attempt)).asked.length, 1);
    });
});

test('a payer who only opened the page, or only logged in, has not paid', async () => {
  const looked = await there();
  const waiting = await there({ state: 'WAIT_BUYER_PAY' });
  for (const { attempt } of [looked, waiting]) askNow(attempt);
  await wasAsked(looked.attempt);
  await wasAsked(waiting.attempt);
  assert.deepEqual([state(looked.attempt), lastWord(looked.attempt)], ['open', 'not_found 40004 ACQ.TRADE_NOT_EXIST']);
  assert.deepEqual([state(waiting.attempt), lastWord(waiting.attempt)], ['unknown', 'pending WAIT_BUYER_PAY']);
  assert.equal((await client.pay(demo, waiting.renewal, 'alipay')).json.attempt_no, waiting.attempt, 'the same form takes him back');
});

test('after the form\'s end "no such trade" closes the attempt, on Alipay\'s word', async () => {
  const { attempt } = await opened();
  sql(`update xuqi.payment_attempt set created_at = created_at - interval '3 hours', expires_at = expires_at - interval '3 hours' where attempt_no = '${attempt}'`);
  askNow(attempt);
  await until('it is closed', async () => state(attempt) === 'closed', 20);
  assert.equal(lastWord(attempt), 'not_found 40004 ACQ.TRADE_NOT_EXIST');
});

test('the page believes nobody but the application', async () => {
  const { form } = await opened();
  assert.equal((await toGateway({ ...form, fields: { ...form.fields, biz_content: form.fields.biz_content.replace('200.00', '0.01') } })).status, 400);
  assert.equal(new URL(form.action).origin, demo.alipay.url);
});
