// SPDX-License-Identifier: Apache-2.0
// Cells of tests/PAYMENTS.md that no other file covers. Runs like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as client from '../support/client.mjs';
import { noticeOf, post } from '../support/wechat_sandbox.mjs';
import { booked, booksRight, isPaid, opened as openedAt, refresh, sleep, status } from '../support/unionpay.mjs';
import { demo, newSubscriber, sql } from '../support/world.mjs';

const alipay = () => openedAt({ method: 'alipay' });
const tell = (form, change = {}) => client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form, change)));
const surplus = (attempt) => sql(`select reason || ' ' || amount_fen from xuqi.surplus where attempt_no = '${attempt}'`);

async function wechat() {
  const renewal = (await client.submit(demo, newSubscriber())).json;
  sql(`set session_replication_role = replica; update xuqi.renewal set payment_methods = '{wechat,alipay}' where renewal_no = '${renewal.renewal_no}'`);
  const opened = await client.pay(demo, renewal, 'wechat');
  assert.equal(opened.status, 201, opened.text);
  const attempt = opened.json.attempt_no;
  const pay = async () => (await client.call(demo.wechat.url, 'POST', '/sandbox/control', { body: { number: attempt, pay: true } })).json.order;
  return { renewal, attempt, pay };
}
const notify = (order) => post(`${demo.base_url}/notify/wechat`, noticeOf(demo.wechat.folder, order));

test('Alipay says TRADE_FINISHED after TRADE_SUCCESS: acknowledged, and booked no second time', async () => {
  const { renewal, form, attempt } = await alipay();
  assert.equal((await tell(form)).text, 'success');
  await isPaid(renewal);
  assert.equal((await tell(form, { trade_status: 'TRADE_FINISHED', notify_id: 'f'.repeat(34) })).text, 'success');
  assert.equal(booked(attempt), '1');
  assert.equal(surplus(attempt), '');
  booksRight();
});

test('Alipay tells of a refund on the payment path: never a payment, before one or after', async () => {
  const { renewal, form, attempt } = await alipay();
  const refund = { out_biz_no: '2026112113040501000000009901', refund_fee: '200.00', gmt_refund: '2026-11-21 13:05:09.123' };
  await tell(form, refund);
  assert.equal(booked(attempt), '0');
  assert.equal(await status(renewal), 'awaiting_payment');
  await tell(form);
  await isPaid(renewal);
  for (const part of [{ ...refund, refund_fee: '1.00' }, { ...refund, trade_status: 'TRADE_CLOSED' }]) await tell(form, part);
  assert.equal(booked(attempt), '1');
  assert.equal(surplus(attempt), '');
});

const odd = { subject: '续期 + 费用 & 100% = 好', body: '', passback_params: 'a%3D1%26b%3D%2B', point_amount: '', fund_bill_list: '[{"amount":"200.00","fundChannel":"ALIPAYACCOUNT"}]' };

test('Alipay sends empty parameters, Chinese, and + & = in values: signed as they are, booked', async () => {
  const { renewal, form } = await alipay();
  assert.equal((await tell(form, odd)).text, 'success');
  await isPaid(renewal);
});

test('Alipay sends them in GBK: verified over its bytes, booked', async () => {
  const { renewal, form } = await alipay();
  const fields = { ...client.alipayNotice(demo, form), ...odd, charset: 'GBK' };
  const gbk = (text) => execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GBK'], { input: text });
  const text = Object.keys(fields).filter((it) => it !== 'sign' && it !== 'sign_type').sort().map((it) => `${it}=${fields[it]}`).join('&');
  const sign = createSign('RSA-SHA256').update(gbk(text)).sign(readFileSync(demo.alipay.gateway_private_key), 'base64');
  const encode = (value) => [...gbk(value)].map((it) => `%${it.toString(16).padStart(2, '0')}`).join('');
  const body = Object.entries({ ...fields, sign }).map(([key, value]) => `${key}=${encode(String(value))}`).join('&');
  const answer = await client.call(demo.base_url, 'POST', '/notify/alipay', { body, type: 'application/x-www-form-urlencoded; charset=GBK' });
  assert.equal(answer.text, 'success', answer.text);
  await isPaid(renewal);
});

test('Alipay says paid after the renewal was cancelled: booked as surplus, and the renewal stays as it is', async () => {
  const { renewal, form, attempt } = await alipay();
  assert.equal((await client.cancel(demo, renewal)).status, 200);
  assert.equal((await tell(form)).text, 'success');
  assert.equal(booked(attempt), '1');
  assert.equal(surplus(attempt), 'not_payable 20000');
  assert.equal(await status(renewal), 'cancelled');
  booksRight();
});

test('WeChat says paid after the renewal was cancelled: booked as surplus, and the renewal stays as it is', async () => {
  const { renewal, attempt, pay } = await wechat();
  assert.equal((await client.cancel(demo, renewal)).status, 200);
  assert.equal((await notify(await pay())).status, 200);
  assert.equal(booked(attempt), '1');
  assert.equal(surplus(attempt), 'not_payable 20000');
  assert.equal(await status(renewal), 'cancelled');
  booksRight();
});

test('WeChat sends 50 notices at once while it is asked: one booking, 50 times 200', async () => {
  const { renewal, attempt, pay } = await wechat();
  const order = await pay();
  const [...answers] = await Promise.all([...Array.from({ length: 50 }, () => notify(order)), refresh(demo, renewal, attempt)]);
  assert.ok(answers.every((it) => it.status === 200));
  await isPaid(renewal);
  await sleep(500);
  assert.equal(booked(attempt), '1');
  assert.equal((await notify(order)).status, 200, 'and once more later');
  assert.equal(booked(attempt), '1');
});
