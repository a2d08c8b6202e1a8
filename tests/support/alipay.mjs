// SPDX-License-Identifier: Apache-2.0
// What a payer's browser does with Alipay, and what tests ask of the stand-in.
import assert from 'node:assert/strict';
import * as client from './client.mjs';
import { demo, sql } from './world.mjs';
import { lastWord, opened as openedAt, toGateway, until } from './unionpay.mjs';

export const control = async (number, wish = {}) => (await client.call(demo.alipay.url, 'POST', '/sandbox/control', { body: { number, ...wish } })).json;
export const notice = (form) => client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form)));
export const opened = () => openedAt({ method: 'alipay' });
// A button of the pay page.
export const press = (attempt, action) =>
  client.call(demo.alipay.url, 'POST', '/sandbox/decide', { body: client.encodeForm({ out_trade_no: attempt, action }), type: 'application/x-www-form-urlencoded' });
export const wasAsked = (attempt) => until('it was asked', async () => lastWord(attempt) !== '', 20);

// The browser posted the form, and the payer did as told there (wish: of the stand-in's control); nobody told us.
export async function there(wish) {
  const it = await opened();
  const page = await toGateway(it.form);
  assert.match(page.text, /支付宝 · 沙箱 SANDBOX/);
  assert.match(page.text, /¥ 200\.00/);
  if (wish) assert.equal((await control(it.attempt, wish)).order.state, wish.state);
  return it;
}
// Paid there; jobs does not ask by itself before the test has it ask, and then is answered wrongly until right() says otherwise.
const WRONG_ANSWERS = 20;
export const right = (attempt) => control(attempt, { answers: [] });
export async function paidThere(mode) {
  const it = await opened();
  sql(`update xuqi.outbox set run_at = now() + interval '1 hour' where event = '${it.attempt}'`);
  await toGateway(it.form);
  await control(it.attempt, { state: 'TRADE_SUCCESS', answers: Array(WRONG_ANSWERS).fill(mode) });
  return it;
}
