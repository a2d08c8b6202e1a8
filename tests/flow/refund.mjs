// SPDX-License-Identifier: Apache-2.0
// Refunds: asked for, approved by another, sent under one number, booked on the gateway's word; surplus and rejections by
// themselves. Judged by alipay-sdk and wechatpay-axios-plugin. Runs like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as client from '../support/client.mjs';
import * as alipay from '../support/alipay.mjs';
import { ask, approve, finance, invoice, invoices, invoiceSteps, list, lookNow, orderPage, paidBy, payOut, postings, refundIs, refundNo, refundState, refuse, refusedWith, retry, wechat } from '../support/refund.mjs';
import { ctl, demo, paidRenewal, sql } from '../support/world.mjs';
import { booksRight, opened, status, toGateway, until } from '../support/unionpay.mjs';
import { conforms } from '../support/openapi.mjs';

const { Formatter, Rsa } = createRequire(import.meta.url)('wechatpay-axios-plugin');
const clearing = (gateway) => BigInt(sql(`select coalesce(sum(case when t.debit_id = a.id then t.amount else -t.amount end), 0) from xuqi.account a left join xuqi.transfer t on a.id in (t.debit_id, t.credit_id) where a.kind = 'gateway_clearing' and a.owner_key = '${gateway}'`));

// Cancelled after payment, and approved.
async function cancelled(method) {
  const it = await paidBy(method);
  assert.equal((await client.cancel(demo, it.renewal)).status, 202);
  const [one] = await finance();
  assert.equal((await approve(one, it.no)).status, 200);
  return it;
}

test('cancelled after payment: finance approves, the money goes back on each rail, the renewal ends', async (t) => {
  for (const method of ['alipay', 'unionpay', 'wechat'])
    await t.test(method, async () => {
      const before = clearing(method);
      const it = await cancelled(method);
      assert.equal(await status(it.renewal), 'cancelled');
      await until('it was sent', () => ['sent', 'done'].includes(refundState(it.no)));
      if (method !== 'alipay') await until('it was asked', () => (lookNow(it.no), refundState(it.no) === 'done'));
      await refundIs(it.no, 'done');
      assert.equal(postings(it.no), 'refund refund_done');
      assert.equal(clearing(method), before, 'what came has gone');
      const page = await orderPage(it.renewal);
      assert.equal(page.payment_status, 'refunded');
      assert.deepEqual(page.refunds.map((row) => [row.refund_no, row.cause, row.state_name, row.amount_fen]), [[it.no, 'cancellation', '已退款', 20000]]);
      await until('the applicant is told', () => sql(`select count(*) from xuqi.outbox_done where renewal_no = '${it.renewal.renewal_no}' and event = 'refunded'`) === '1');
      booksRight();
    });
});

test('a surplus goes back by itself, and the payer sees it', async () => {
  const it = await paidBy('unionpay');
  const form = (await client.pay(demo, it.renewal, 'unionpay')).json;
  assert.equal(form.code, 'already_paid');
  const late = await opened({ method: 'alipay' });
  await toGateway(late.form);
  await client.cancel(demo, late.renewal);
  await alipay.control(late.attempt, { state: 'TRADE_SUCCESS', push: {} });
  const no = refundNo(late.attempt);
  await refundIs(no, 'done');
  assert.equal(sql(`select s.state from xuqi.surplus s where attempt_no = '${late.attempt}'`), 'refunded');
  assert.deepEqual((await orderPage(late.renewal)).refunds.map((row) => [row.cause_name, row.state]), [['多付退回', 'done']]);
  booksRight();
});

test('a rejection gives the whole price back by itself', async () => {
  const it = await paidBy('alipay');
  const reviewer = (await client.login(demo, 'reviewer')).json.token;
  const path = `/api/v1/review/cases/${it.renewal.renewal_no}`;
  await client.call(demo.base_url, 'POST', `${path}/claim`, { token: reviewer, body: {} });
  assert.equal((await client.call(demo.base_url, 'POST', `${path}/rejection`, { token: reviewer, body: { reason_code: 'other', reason_text: '名称不符' } })).status, 200);
  await refundIs(it.no, 'done');
  assert.equal(sql(`select state from xuqi.refund_due where renewal_no = '${it.renewal.renewal_no}'`), 'refunded');
  booksRight();
});

test('what is over the limit waits for a person', async () => {
  const it = await paidBy('alipay');
  sql(`set session_replication_role = replica; insert into xuqi.refund (refund_no, renewal_no, order_no, cause, payment_id, attempt_no, gateway, gateway_txn, paid_fen, amount_fen, reason)
       select '${it.no}', o.renewal_no, o.order_no, 'surplus', p.id, o.paid_attempt_no, o.paid_gateway, o.paid_gateway_txn, 60000, 60000, '' from xuqi."order" o join xuqi.posting p on p.event_key = o.paid_gateway || ':' || o.paid_gateway_txn where o.order_no = '${it.renewal.order_no}';
       insert into xuqi.outbox (topic, dedup_key, event, renewal_no) values ('refund', '${it.no}', '${it.no}', '${it.renewal.renewal_no}')`);
  await until('jobs has looked', () => sql(`select result from xuqi.outbox_done where event = '${it.no}'`) === 'waiting');
  assert.equal(refundState(it.no), 'asked');
  sql(`set session_replication_role = replica; delete from xuqi.refund where refund_no = '${it.no}'`);
});

test('what staff asks for another one approves; nobody approves his own, and no parts go back before issuance', async () => {
  const it = await paidBy('alipay');
  const [one, two] = await finance();
  const order = it.renewal.order_no;
  const reviewer = (await client.login(demo, 'reviewer-2')).json.token;
  refusedWith(await ask(reviewer, order, 20000, 'r1'), 403, 'forbidden');
  refusedWith(await ask(one, '0'.repeat(26), 20000, 'r1'), 404, 'order_unknown');
  refusedWith(await ask(one, order, 5000, `${order} a`), 409, 'refund_not_whole');
  refusedWith(await ask(one, order, 20001, `${order} a`), 409, 'refund_exceeds');
  refusedWith(await ask(one, order, 0, `${order} a`), 422, 'fields_invalid');
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(one, order, 20000, `${order} a`)));
  for (const answer of answers) { conforms('post', '/api/v1/finance/orders/{no}/refunds', answer); assert.deepEqual(answer.json, { refund_no: it.no, state: 'asked' }); }
  refusedWith(await ask(one, order, 20000, `${order} a`, '另一原因'), 409, 'refund_differs');
  refusedWith(await ask(two, order, 20000, `${order} b`), 409, 'refund_exceeds');
  refusedWith(await approve(one, it.no), 403, 'refund_own');
  const page = await list(one, '?tab=asked&size=200');
  conforms('get', '/api/v1/finance/refunds', page);
  assert.ok(page.json.refunds.some((row) => row.refund_no === it.no && row.asked_by === '财务 陈静'));
  const approvals = await Promise.all(Array.from({ length: 5 }, () => approve(two, it.no)));
  for (const answer of approvals) { assert.equal(answer.status, 200); conforms('post', '/api/v1/finance/refunds/{refund}/approval', answer); }
  await refundIs(it.no, 'done');
  refusedWith(await retry(one, it.no), 409, 'refund_state');
  booksRight();
});

test('a refused request changes nothing, and may be asked for again', async () => {
  const it = await paidBy('alipay');
  const [one] = await finance();
  await client.cancel(demo, it.renewal);
  const answer = await refuse(one, it.no);
  conforms('post', '/api/v1/finance/refunds/{refund}/refusal', answer);
  assert.equal(answer.json.state, 'refused');
  assert.deepEqual((await refuse(one, it.no)).json, answer.json);
  refusedWith(await approve(one, it.no), 409, 'refund_state');
  refusedWith(await refuse(one, `${it.no.slice(0, -1)}9`), 404, 'refund_unknown');
  assert.equal(await status(it.renewal), 'awaiting_review');
  assert.deepEqual((await orderPage(it.renewal)).refunds, []);
  assert.equal((await client.cancel(demo, it.renewal)).json.refund.refund_no, refundNo(it.attempt, 2));
});

test('issued: nothing goes back before the certificate is revoked, then also in parts; an invoice needs its red letter', async () => {
  const { subscriber, ...it } = await paidBy('alipay');
  const [one, two] = await finance();
  const order = it.renewal.order_no;
  const reviewer = (await client.login(demo, 'reviewer')).json.token;
  await client.approve(demo, reviewer, it.renewal);
  assert.equal((await client.fetchCertificate(demo, subscriber, it.renewal)).status, 200);
  refusedWith(await client.cancel(demo, it.renewal), 409, 'renewal_state');
  refusedWith(await ask(one, order, 5000, `${order} x`), 409, 'certificate_issued');
  ctl('certificate', 'revoke', sql(`select serial from xuqi.certificate where renewal_no = '${it.renewal.renewal_no}'`), '--reason', 'cessationOfOperation');
  refusedWith(await invoice(one, order, 'reversed', 'R1'), 409, 'renewal_state');
  const noted = await invoice(one, order, 'issued', '24442000000012345678');
  conforms('put', '/api/v1/finance/orders/{no}/invoice', noted);
  assert.deepEqual([(await invoice(one, order, 'issued', ' 24442000000012345678 ')).json, noted.json.number], [noted.json, '24442000000012345678'], 'again: answered as it was');
  const other = await invoice(two, order, 'issued', '24442000000012345687');
  refusedWith(other, 409, 'invoice_recorded');
  conforms('put', '/api/v1/finance/orders/{no}/invoice', other);
  assert.match(other.json.detail, /24442000000012345678，由财务 陈静于/);
  assert.deepEqual(other.json.changed, { by: '财务 陈静', at: noted.json.recorded_at, step: 'invoice.issued' });
  const wrong = await invoice(two, order, 'issued', '24442000000012345687', { corrects: '24442000000012345678' });
  assert.deepEqual([wrong.status, wrong.json.fields.map((it) => it.path)], [422, ['reason']], 'a correction says why');
  assert.deepEqual((await invoice(two, order, 'issued', '1', { reason: '录入有误' })).json.fields.map((it) => it.path), ['corrects'], 'and what it corrects');
  const corrected = await invoice(two, order, 'issued', '24442000000012345687', { corrects: '24442000000012345678', reason: '录入时末两位颠倒' });
  conforms('put', '/api/v1/finance/orders/{no}/invoice', corrected);
  assert.deepEqual([corrected.status, corrected.json.number, corrected.json.recorded_by], [200, '24442000000012345687', '财务 何敏']);
  const late = await invoice(one, order, 'issued', '24442000000012345699', { corrects: '24442000000012345678', reason: '录入有误' });
  refusedWith(late, 409, 'invoice_changed');
  assert.deepEqual([late.json.changed.by, late.json.changed.step], ['财务 何敏', 'invoice.corrected']);
  const steps = await invoiceSteps(one, order);
  conforms('get', '/api/v1/finance/orders/{no}/invoice', steps);
  assert.deepEqual(steps.json.records.map((it) => [it.version, it.number, it.corrects, it.reason, it.recorded_by]),
    [[2, '24442000000012345687', '24442000000012345678', '录入时末两位颠倒', '财务 何敏'], [1, '24442000000012345678', null, null, '财务 陈静']], 'each number with who, when and why');
  const found = await invoices(one, '?words=24442000000012345678');
  conforms('get', '/api/v1/finance/invoices', found);
  assert.deepEqual(found.json.invoices.map((it) => [it.order_no, it.invoice_state, it.number]), [[order, 'issued', '24442000000012345687']], 'found by the number that was wrong');
  const { renewal: early } = await paidRenewal();
  const due = (await invoices(one, '?state=due&size=200')).json.invoices;
  assert.ok(!due.some((it) => it.renewal_no === early.renewal_no), 'where invoices follow the installation none is due before it');
  assert.equal((await invoices(one, '?state=lost')).status, 422);
  refusedWith(await ask(one, order, 5000, `${order} x`), 409, 'invoice_issued');
  assert.equal((await invoice(one, order, 'reversed', '24442000000012345679')).status, 200);
  assert.equal((await ask(one, order, 5000, `${order} x`)).json.refund_no, it.no);
  await approve(two, it.no);
  await refundIs(it.no, 'done');
  assert.equal((await orderPage(it.renewal)).payment_status, 'part_refunded');
  refusedWith(await ask(one, order, 15001, `${order} y`), 409, 'refund_exceeds');
  await ask(one, order, 15000, `${order} y`);
  await approve(two, refundNo(it.attempt, 2));
  await refundIs(refundNo(it.attempt, 2), 'done');
  assert.equal((await orderPage(it.renewal)).payment_status, 'refunded');
  assert.equal(sql(`select sum(t.amount) from xuqi.posting p join xuqi.transfer t on t.posting_id = p.id join xuqi.account a on a.id = t.debit_id where p.event_type = 'return' and p.event_key like '${order}%' and a.kind = 'output_tax'`),
    sql(`select t.amount from xuqi.posting p join xuqi.transfer t on t.posting_id = p.id join xuqi.account a on a.id = t.credit_id where p.event_type = 'issue' and p.event_key = '${order}' and a.kind = 'output_tax'`), 'the parts\' tax is that of the whole');
  booksRight();
});

test('what was paid by bank transfer, nobody knows from where, finance pays back by hand, once, under the bank\'s reference', async () => {
  const it = await paidRenewal();
  const [one, two] = await finance();
  const no = `${it.renewal.order_no}R001`;
  sql(`set session_replication_role = replica; update xuqi."order" set paid_gateway = 'transfer', paid_gateway_txn = null, paid_attempt_no = null where order_no = '${it.renewal.order_no}'`);
  assert.equal((await client.cancel(demo, it.renewal)).status, 202);
  refusedWith(await payOut(one, no, demo.citic.account, 'B1'), 409, 'refund_state');
  await approve(one, no);
  await refundIs(no, 'awaiting_payout');
  refusedWith(await payOut(two, no, '7440010182600123456', 'B1'), 404, 'collecting_account_unknown');
  refusedWith(await retry(two, no), 409, 'payer_account_unknown');
  const answer = await payOut(two, no, demo.citic.account, 'B1');
  conforms('post', '/api/v1/finance/refunds/{refund}/payout', answer);
  assert.equal(answer.json.state, 'done');
  assert.equal((await payOut(two, no, demo.citic.account, 'B1')).status, 200);
  refusedWith(await payOut(two, no, demo.citic.account, 'B2'), 409, 'refund_differs');
  booksRight();
});

test('alipay-sdk signs the same requests and accepts the same answers', async () => {
  const it = await cancelled('alipay');
  await refundIs(it.no, 'done');
  const { fields, sent } = (await alipay.control(it.attempt)).asked.find((asked) => asked.fields.method === 'alipay.trade.refund');
  assert.ok(client.alipayFormJudged(demo, { fields }).same);
  assert.deepEqual(JSON.parse(fields.biz_content), { out_trade_no: it.attempt, trade_no: sql(`select gateway_txn from xuqi.payment_attempt where attempt_no = '${it.attempt}'`), refund_amount: '200.00', out_request_no: it.no, refund_reason: '数字证书续期退款' });
  client.alipaySdk(demo).checkResponseSign(sent, 'alipay_trade_refund_response', JSON.parse(sent).sign, '');
});

test('wechatpay-axios-plugin accepts our refund\'s signature, whose notice has it asked', async () => {
  const it = await cancelled('wechat');
  await until('it was sent', () => refundState(it.no) === 'sent');
  const asked = (await wechat(it.no)).asked.find((row) => row.method === 'POST' && row.url === '/v3/refund/domestic/refunds');
  const part = Object.fromEntries([...asked.authorization.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1], match[2]]));
  assert.ok(Rsa.verify(Formatter.request(asked.method, asked.url, part.timestamp, part.nonce_str, asked.body), part.signature, Rsa.from(readFileSync(`${demo.wechat.folder}/merchant.pem`, 'utf8'), Rsa.KEY_TYPE_PUBLIC)));
  assert.deepEqual(JSON.parse(asked.body).amount, { refund: 20000, total: 20000, currency: 'CNY' });
  const told = await wechat(it.attempt, { end: it.no, tell: it.no });
  assert.deepEqual(told.statuses, [200]);
  await refundIs(it.no, 'done');
});
