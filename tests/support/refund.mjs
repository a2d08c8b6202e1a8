// SPDX-License-Identifier: Apache-2.0
// Refunds: who asks and who approves, and what tests look at.
import assert from 'node:assert/strict';
import * as alipay from './alipay.mjs';
import * as client from './client.mjs';
import * as unionpay from './unionpay.mjs';
import { demo, sql } from './world.mjs';
import { isPaid, opened, toGateway, until } from './unionpay.mjs';

let desk;
// Two of finance, logged in once for all tests of a process.
export function finance() {
  desk ??= Promise.all(['finance', 'finance-2'].map(async (name) => (await client.login(demo, name)).json.token));
  return desk;
}
const call = (token, method, path, body) => client.call(demo.base_url, method, `/api/v1/finance/${path}`, { token, ...(body ? { body } : {}) });

export const list = (token, query = '') => call(token, 'GET', `refunds${query}`);
export const ask = (token, order, amount_fen, request_no, reason = '客户投诉，协商退款') => call(token, 'POST', `orders/${order}/refunds`, { amount_fen, reason, request_no });
export const approve = (token, no) => call(token, 'POST', `refunds/${no}/approval`, {});
export const refuse = (token, no, reason = '服务已完成') => call(token, 'POST', `refunds/${no}/refusal`, { reason });
export const retry = (token, no) => call(token, 'POST', `refunds/${no}/retry`, {});
export const payOut = (token, no, bank_account, bank_reference) => call(token, 'POST', `refunds/${no}/payout`, { bank_account, bank_reference });
export const invoice = (token, order, state, number, more) => call(token, 'PUT', `orders/${order}/invoice`, { state, number, ...more });
export const invoices = (token, query = '') => call(token, 'GET', `invoices${query}`);
export const invoiceSteps = (token, order) => call(token, 'GET', `orders/${order}/invoice`);
export const resolve = (token, number, body) => call(token, 'POST', `unknown/${number}/resolution`, body);
export const orderPage = async (renewal) => (await client.call(demo.base_url, 'GET', `/api/v1/renewals/${renewal.renewal_no}/order`, { token: renewal.access_token })).json;

// What the stand-in of WeChat Pay knows of a payment or refund, and how it shall go on with it.
export const wechat = async (number, wish = {}) => (await client.call(demo.wechat.url, 'POST', '/sandbox/control', { body: { number, ...wish } })).json;

// Paid at the stand-ins themselves, so that they know what they give back.
export async function paidBy(method) {
  const it = await opened({ method: method === 'wechat' ? 'alipay' : method });
  if (method === 'wechat') {
    sql(`set session_replication_role = replica; update xuqi.renewal set payment_methods = '{wechat,alipay}' where renewal_no = '${it.renewal.renewal_no}'`);
    it.attempt = (await client.pay(demo, it.renewal, 'wechat')).json.attempt_no;
    await wechat(it.attempt, { pay: true, push: {} });
  } else {
    await toGateway(it.form);
    if (method === 'alipay') await alipay.control(it.attempt, { state: 'TRADE_SUCCESS', push: {} });
    else await unionpay.press(demo, it.form, 'pay');
  }
  await isPaid(it.renewal);
  return { ...it, no: refundNo(it.attempt) };
}

// The first refund of the order that an attempt belongs to.
export const refundNo = (attempt, n = 1) => `${attempt.slice(0, 26)}R${String(n).padStart(3, '0')}`;
export const refundState = (no) => sql(`select state from xuqi.refund where refund_no = '${no}'`);
export const refundWord = (no) => sql(`select last_word from xuqi.refund where refund_no = '${no}'`);
export const refundIs = (no, state, seconds = 20) => until(`${no} is ${state}, not ${refundState(no)}`, () => refundState(no) === state, seconds);
export const lookNow = (no) => sql(`update xuqi.outbox set run_at = now() where event = '${no}' and state = 'ready'`);
// As if it had been sent a while ago: Alipay's ten seconds are over.
export const sentBefore = (no) => {
  sql(`set session_replication_role = replica; update xuqi.refund set sent_at = sent_at - interval '1 minute' where refund_no = '${no}'`);
  lookNow(no);
};
export const postings = (no) => sql(`select string_agg(event_type, ' ' order by id) from xuqi.posting where event_key = '${no}'`);
export const refusedWith = (answer, status, code) => {
  assert.equal(answer.json?.code, code, JSON.stringify(answer.json));
  assert.equal(answer.status, status);
};
