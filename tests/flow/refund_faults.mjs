// SPDX-License-Identifier: Apache-2.0
// Refunds at gateways that misbehave: nothing is sent twice under two numbers, nothing is booked that was not said, and what
// is unknown stays so until it is told. Hostile notices. Runs like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as client from '../support/client.mjs';
import * as alipay from '../support/alipay.mjs';
import * as unionpay from '../support/unionpay.mjs';
import { approve, finance, lookNow, paidBy, postings, refundNo, refundState, refundWord, refusedWith, resolve, retry, sentBefore, wechat } from '../support/refund.mjs';
import { post, refundNoticeOf } from '../support/wechat_sandbox.mjs';
import { demo, folder, sql } from '../support/world.mjs';
import { booksRight, until } from '../support/unionpay.mjs';

// Paid, cancelled, and not approved yet: the sandbox can be told how it will answer about the refund.
async function waiting(method) {
  const it = await paidBy(method);
  await client.cancel(demo, it.renewal);
  return it;
}
const answers = {
  alipay: (it, modes) => alipay.control(it.attempt, { about: it.no, answers: modes }),
  wechat: (it, modes) => wechat(it.no, { answers: modes }),
  unionpay: (it, modes) => client.call(demo.unionpay.url, 'POST', '/sandbox/control', { body: { orderId: it.no, query: modes } }),
};
async function send(method, modes) {
  const it = await waiting(method);
  await answers[method](it, modes);
  const [one] = await finance();
  assert.equal((await approve(one, it.no)).status, 200);
  return it;
}
const told = (it) => until(`${it.no} was answered`, () => refundWord(it.no) !== '', 20);
// How often the gateway was told to give this refund back, and under how many numbers.
const sentTo = {
  alipay: async (it) => (await alipay.control(it.attempt)).asked.filter((row) => row.fields.method === 'alipay.trade.refund').map((row) => JSON.parse(row.fields.biz_content).out_request_no),
  wechat: async (it) => (await wechat(it.no)).asked.filter((row) => row.method === 'POST' && row.url.endsWith('/refunds')).map((row) => JSON.parse(row.body).out_refund_no),
};

test('whatever the answer to the first call, it is asked about under the same number and booked once', { concurrency: 6 }, async (t) => {
  const cases = [['alipay', 'error500'], ['alipay', 'booked500'], ['alipay', 'reset'], ['alipay', 'system'], ['alipay', 'unsigned'], ['alipay', 'stranger'], ['alipay', 'truncated'],
    ['wechat', 'error500'], ['wechat', 'booked500'], ['wechat', 'unsigned'], ['wechat', 'probe'], ['wechat', 'stranger'],
    ['unionpay', 'error500'], ['unionpay', 'booked500'], ['unionpay', 'reset'], ['unionpay', 'garbage'], ['unionpay', 'foreign']];
  await Promise.all(cases.map(([method, mode]) => t.test(`${method} ${mode}`, async () => {
    const it = await send(method, [mode]);
    await told(it);
    // UnionPay knows a refund by its time as well: that one waits for its ten seconds.
    if (method !== 'unionpay' && refundState(it.no) !== 'done') sentBefore(it.no);
    await until('it is done', () => (lookNow(it.no), refundState(it.no) === 'done'), 45);
    assert.equal(postings(it.no), 'refund refund_done');
    if (sentTo[method]) assert.deepEqual([...new Set(await sentTo[method](it))], [it.no], 'one number');
    assert.equal(sql(`select count(*) from xuqi.refund where order_no = '${it.renewal.order_no}'`), '1');
  })));
  booksRight();
});

test('a refund that the gateway refuses has failed once it says that there is none, and is tried again under a new number', async (t) => {
  for (const [method, mode] of [['alipay', 'balance'], ['wechat', 'notenough']])
    await t.test(method, async () => {
      const it = await send(method, [mode]);
      const [one, two] = await finance();
      await told(it);
      assert.equal(refundState(it.no), 'unknown');
      refusedWith(await retry(one, it.no), 409, 'refund_state');
      lookNow(it.no);
      await until('it has failed', () => (lookNow(it.no), refundState(it.no) === 'failed'), 20);
      assert.equal(postings(it.no), 'refund refund_failed');
      booksRight();
      const again = (await retry(one, it.no)).json.refund_no;
      assert.equal(again, refundNo(it.attempt, 2));
      await approve(two, again);
      await until('it is done', () => (lookNow(again), refundState(again) === 'done'), 20);
      booksRight();
    });
});

test('an answer about another refund, or another amount, is for a person', async (t) => {
  for (const [method, modes] of [['alipay', ['error500', 'amount']], ['alipay', ['error500', 'otherrefund']], ['wechat', ['booked500', 'refundamount']]])
    await t.test(`${method} ${modes[1]}`, async () => {
      const it = await send(method, method === 'alipay' ? ['booked500', modes[1]] : modes);
      await told(it);
      sentBefore(it.no);
      await until('a person must look', () => sql(`select state from xuqi.outbox where event = '${it.no}'`) === 'dead', 20);
      assert.equal(refundState(it.no), 'unknown');
      assert.equal(sql(`select count(*) from xuqi.payment_notice where attempt_no = '${it.no}' and reason = 'notice_mismatch'`), '1');
      const [one, two] = await finance();
      const said = { kind: 'refund', happened: true, gateway_txn: 'console 1', evidence: '商户平台 2026-11-21 退款记录截图' };
      refusedWith(await resolve(one, it.no, { ...said, gateway_txn: '' }), 422, 'fields_invalid');
      assert.equal((await resolve(one, it.no, said)).json.state, 'proposed');
      refusedWith(await resolve(two, it.no, { kind: 'refund', happened: false, evidence: '未见退款' }), 409, 'resolution_differs');
      assert.equal((await resolve(two, it.no, said)).json.state, 'resolved');
      assert.equal(refundState(it.no), 'done');
      refusedWith(await resolve(one, refundNo(it.attempt, 9), said), 404, 'payment_unknown');
      booksRight();
    });
});

test('a refund whose notice is forged, altered or old is not believed', async () => {
  const it = await waiting('wechat');
  const { order } = await wechat(it.attempt);
  for (const mode of ['probe', 'stranger', 'serial', 'old', 'apikey', 'tag', 'mchid', 'event']) {
    const answer = await post(`${demo.base_url}/notify/wechat`, refundNoticeOf(demo.wechat.folder, order, it.no, mode));
    assert.ok(answer.status >= 400 && answer.status < 500, `${mode} ${answer.status}`);
  }
  assert.equal(refundState(it.no), 'asked');
  // A true one of a refund that was not sent contradicts what we know.
  assert.equal((await post(`${demo.base_url}/notify/wechat`, refundNoticeOf(demo.wechat.folder, order, it.no))).status, 200);
  assert.equal(sql(`select verdict || ' ' || reason from xuqi.payment_notice where attempt_no = '${it.no}'`), 'mismatch refund is asked');
});

test('notices of refunds have the gateway asked, however often they come', async () => {
  const it = await send('alipay', ['bookedsilence']);
  await until('it is booked there', async () => Boolean((await alipay.control(it.attempt)).order.refunds?.[it.no]));
  assert.deepEqual((await alipay.control(it.attempt, { tell: it.no })).answers, ['success']);
  assert.deepEqual((await alipay.control(it.attempt, { tell: it.no })).answers, ['success']);
  await until('it is done', () => (lookNow(it.no), refundState(it.no) === 'done'), 30);
  assert.deepEqual((await alipay.control(it.attempt, { tell: it.no })).answers, ['success']);
  assert.equal(postings(it.no), 'refund refund_done');
  assert.equal(sql(`select count(*) from xuqi.posting p join xuqi.payment_notice n on n.posting_id = p.id where n.attempt_no = '${it.attempt}'`), '1', 'never a payment');
});

test('a refund made in the console is kept for a person', async () => {
  const it = await waiting('alipay');
  assert.deepEqual((await alipay.control(it.attempt, { refund: { refund_amount: '1.00', out_request_no: 'console1' }, tell: 'console1' })).answers, ['success']);
  assert.equal(sql(`select reason from xuqi.payment_notice where attempt_no = 'console1' order by id desc limit 1`), 'refund_not_asked');
});

test('jobs killed after the refund was sent: asked first, sent once', async () => {
  const it = await send('alipay', ['bookedsilence']);
  await until('it is booked there', async () => Boolean((await alipay.control(it.attempt)).order.refunds?.[it.no]));
  execFileSync('kill', ['-9', execFileSync('pgrep', ['-f', `xuqid --supervised --config ${folder}/xuqid.yaml --role jobs`], { encoding: 'utf8' }).trim()]);
  sql(`update xuqi.outbox set lease_until = now() where event = '${it.no}' and state = 'leased'`);
  await until('it is done', () => (lookNow(it.no), refundState(it.no) === 'done'), 30);
  assert.deepEqual(await sentTo.alipay(it), [it.no], 'sent once');
  booksRight();
});
