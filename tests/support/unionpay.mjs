// SPDX-License-Identifier: Apache-2.0
// What a payer's browser does with UnionPay, and what tests ask of the stand-in.
import assert from 'node:assert/strict';
import * as client from './client.mjs';
import { encodeForm, noticeOf, signAs } from './unionpay_sandbox.mjs';
import { demo, newSubscriber, sql } from './world.mjs';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

// The browser posts the form; the page that comes back.
export const toGateway = (form) => client.call(form.action, 'POST', form.action, { body: encodeForm(form.fields), type: FORM });
// A button of the pay page. Answers the page after it, which holds the fields for frontUrl.
export const press = (demo, form, action) =>
  client.call(demo.unionpay.url, 'POST', '/sandbox/decide', { body: encodeForm({ orderId: form.fields.orderId, action }), type: FORM });

export const control = async (demo, form, wish) =>
  (await client.call(demo.unionpay.url, 'POST', '/sandbox/control', { body: { orderId: form.fields.orderId, ...wish } })).json;

// Paid at the gateway, and nobody told.
export async function paidInSilence(demo, form) {
  await toGateway(form);
  return (await control(demo, form, { action: 'pay' })).order;
}

export const notice = (demo, order, change = {}, who = 'gateway') => encodeForm(signAs(demo.unionpay.folder, who, noticeOf(order, change)));
export const notify = (demo, body) => client.call(demo.base_url, 'POST', '/notify/unionpay', { body, type: FORM });
export const goBack = (demo, body) => client.call(demo.base_url, 'POST', '/return/unionpay', { body, type: FORM });
export const refresh = (demo, renewal, attempt) =>
  client.call(demo.base_url, 'POST', `/api/v1/renewals/${renewal.renewal_no}/payments/${attempt}/refresh`, { token: renewal.access_token, body: {} });

// -- what a test looks at -----------------------------------------------------------------------------------------

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export async function until(what, condition, seconds = 15) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) if (await condition()) return;
  assert.fail(`${what} within ${seconds} s`);
}

export async function opened({ platform = 'sz-consumables', method = 'unionpay' } = {}) {
  const subscriber = newSubscriber();
  const submitted = await client.submit(demo, subscriber, { platform, change: (it) => ({ ...it, client_version: '9.0.0', ...(platform === 'gd-drug' ? { invoice: { kind: 'paper_fixed' } } : {}) }) });
  assert.equal(submitted.status, 201, submitted.text);
  const renewal = submitted.json;
  const answer = await client.pay(demo, renewal, method);
  assert.equal(answer.status, 201, answer.text);
  return { subscriber, renewal, form: answer.json, attempt: answer.json.attempt_no };
}
export const status = async (renewal) => (await client.progress(demo, renewal)).json.status;
export const booked = (attempt) => sql(`select count(*) from xuqi.posting p join xuqi.payment_notice n on n.posting_id = p.id where n.attempt_no = '${attempt}'`);
export const state = (attempt) => sql(`select state from xuqi.payment_attempt where attempt_no = '${attempt}'`);
export const lastWord = (attempt) => sql(`select last_word from xuqi.payment_attempt where attempt_no = '${attempt}'`);
export const isPaid = (renewal) => until('it is paid', async () => (await status(renewal)) === 'awaiting_review', 40);
export const booksRight = () => assert.equal(sql('select count(*) from xuqi.ledger_check()'), '0');
// Has the gateway asked now, not at its time.
export const askNow = (attempt) => sql(`update xuqi.outbox set run_at = now() where event = '${attempt}' and state = 'ready'`);
export const refusedWith = (answer, code, expected) => {
  assert.equal(answer.json?.code, expected, answer.text);
  assert.equal(answer.status, code);
};
