// SPDX-License-Identifier: Apache-2.0
// UnionPay through the front door, against its stand-in: a notice alone books nothing, the gateway is asked, and whatever
// it does meanwhile, each payment is booked once or shown to a person.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as client from '../support/client.mjs';
import * as unionpay from '../support/unionpay.mjs';
import { booked, booksRight, isPaid, opened, refusedWith, sleep, status, until } from '../support/unionpay.mjs';
import { merchantSigned } from '../support/unionpay_sandbox.mjs';
import { demo, newSubscriber, paidRenewal, sql } from '../support/world.mjs';
import { conforms } from '../support/openapi.mjs';

// -- the whole way ------------------------------------------------------------------------------------------------

for (const platform of ['gpo', 'gd-drug', 'sz-consumables'])
  test(`${platform}: paid in the browser, asked, booked once, and back at the progress`, async () => {
    const rules = await client.platformOf(demo, platform);
    assert.ok(rules.payment_methods.includes('unionpay'));
    const { renewal, form, attempt } = await opened({ platform });
    assert.ok(merchantSigned(demo.unionpay.folder, form.fields), 'UnionPay accepts the signature');
    const page = await unionpay.toGateway(form);
    assert.match(page.text, /沙箱 SANDBOX/);
    assert.match(page.text, /¥ \d+\.\d\d/);
    const back = await unionpay.press(demo, form, 'pay');
    const fields = Object.fromEntries([...back.text.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, key, value]) => [key, value.replace(/&#(\d+);/g, (_, c) => String.fromCharCode(c))]));
    const returned = await unionpay.goBack(demo, new URLSearchParams(fields).toString());
    conforms('post', '/return/unionpay', returned);
    assert.equal(returned.status, 303);
    assert.equal(returned.headers.location, `${demo.base_url}/order/${renewal.renewal_no}`);
    await isPaid(renewal);
    assert.equal(booked(attempt), '1');
    const seen = (await client.progress(demo, renewal)).json;
    assert.equal(seen.order.payment_status, 'paid');
    assert.equal(seen.order.method, 'unionpay');
    booksRight();
  });

test('the form is what ACP 5.1.0 asks for', async () => {
  const { renewal, form, attempt } = await opened();
  conforms('post', '/api/v1/renewals/{no}/payments', await client.pay(demo, renewal, 'unionpay'));
  const { fields } = form;
  assert.equal(form.action, `${demo.unionpay.url}/gateway/api/frontTransReq.do`);
  assert.deepEqual([fields.version, fields.encoding, fields.signMethod, fields.txnType, fields.txnSubType, fields.bizType, fields.channelType, fields.accessType, fields.currencyCode],
    ['5.1.0', 'UTF-8', '01', '01', '01', '000201', '07', '0', '156']);
  assert.deepEqual([fields.merId, fields.orderId, fields.txnAmt], [demo.unionpay.merchant_id, attempt, '20000']);
  assert.equal(fields.txnTime, sql(`select to_char(created_at at time zone 'Asia/Shanghai', 'YYYYMMDDHH24MISS') from xuqi.payment_attempt where attempt_no = '${attempt}'`));
  assert.ok(fields.payTimeout > fields.txnTime && !fields.backUrl.includes('?'));
});

test('asking for the form again answers the same attempt with the same time', async () => {
  const { renewal, form } = await opened();
  const again = (await client.pay(demo, renewal, 'unionpay')).json;
  assert.deepEqual([again.attempt_no, again.fields.txnTime, again.fields.payTimeout], [form.attempt_no, form.fields.txnTime, form.fields.payTimeout]);
  assert.equal((await unionpay.toGateway(form)).text, (await unionpay.toGateway(again)).text, 'for the gateway it is the same order');
});

// -- a notice alone is not enough ---------------------------------------------------------------------------------

test('a notice books nothing by itself; it is kept and answered 200, and the query books', async () => {
  const { renewal, form, attempt } = await opened();
  const order = await unionpay.paidInSilence(demo, form);
  await unionpay.control(demo, form, { query: ['silence'] });
  const answer = await unionpay.notify(demo, unionpay.notice(demo, order));
  conforms('post', '/notify/unionpay', answer);
  assert.deepEqual([answer.status, answer.text], [200, 'ok']);
  assert.equal(sql(`select verdict from xuqi.payment_notice where attempt_no = '${attempt}'`), 'asked');
  await sleep(1500);
  assert.equal(booked(attempt), '0');
  assert.equal(await status(renewal), 'awaiting_payment');
});

test('the payer\'s page has it asked: no notice is needed', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.paidInSilence(demo, form);
  const answer = await unionpay.refresh(demo, renewal, attempt);
  conforms('post', '/api/v1/renewals/{no}/payments/{attempt}/refresh', answer);
  assert.equal(answer.json.state, 'open');
  await isPaid(renewal);
  assert.equal((await unionpay.refresh(demo, renewal, attempt)).json.state, 'paid');
  refusedWith(await unionpay.refresh(demo, renewal, '0'.repeat(28)), 404, 'payment_unknown');
  const other = (await client.submit(demo, newSubscriber())).json;
  refusedWith(await unionpay.refresh(demo, other, attempt), 404, 'payment_unknown');
  refusedWith(await unionpay.refresh(demo, { ...renewal, access_token: other.access_token }, attempt), 401, 'access_token_invalid');
});

test('nobody tells: it is asked five seconds after opening by itself', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.paidInSilence(demo, form);
  await isPaid(renewal);
  assert.equal(booked(attempt), '1');
});

test('50 notices, the payer\'s return and queries at once: booked once', async () => {
  const { renewal, form, attempt } = await opened();
  const order = await unionpay.paidInSilence(demo, form);
  const bodies = Array.from({ length: 50 }, (_, i) => unionpay.notice(demo, order, { reqReserved: i % 5 ? '' : `copy${i}` }));
  const answers = await Promise.all([...bodies.map((body) => unionpay.notify(demo, body)), ...Array.from({ length: 10 }, () => unionpay.refresh(demo, renewal, attempt))]);
  for (const answer of answers) assert.equal(answer.status, 200, answer.text);
  await isPaid(renewal);
  assert.equal((await unionpay.notify(demo, bodies[0])).status, 200);
  await sleep(700);
  assert.equal(booked(attempt), '1');
  assert.equal(sql(`select count(*) from xuqi.surplus where attempt_no = '${attempt}'`), '0');
  booksRight();
});

test('notices before, after and repeated: the gateway stops at 200 and nothing is booked again', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.toGateway(form);
  assert.deepEqual((await unionpay.control(demo, form, { action: 'pay', push: { copies: 8 } })).statuses, Array(8).fill(200));
  await isPaid(renewal);
  assert.deepEqual((await unionpay.control(demo, form, { push: {} })).statuses, [200]);
  assert.equal(booked(attempt), '1');
});

// -- who says it, and of what -------------------------------------------------------------------------------------

test('notices that do not agree are refused, recorded, and asked of nobody', async (t) => {
  const { renewal, form, attempt } = await opened();
  const order = await unionpay.paidInSilence(demo, form);
  sql(`update xuqi.outbox set run_at = now() + interval '1 hour' where event = '${attempt}'`);
  const good = unionpay.notice(demo, order);
  const kept = () => Number(sql('select count(*) from xuqi.payment_notice'));
  const shortened = (name) => { const fields = new URLSearchParams(good); fields.delete(name); return fields.toString(); };
  const cases = [
    ['one fen too little', unionpay.notice(demo, order, { txnAmt: '19999' }), 409, 'notice_mismatch'],
    ['one fen too much', unionpay.notice(demo, order, { txnAmt: '20001' }), 409, 'notice_mismatch'],
    ['another merchant', unionpay.notice(demo, order, { merId: '777290058199999' }), 409, 'notice_mismatch'],
    ['another currency', unionpay.notice(demo, order, { currencyCode: '840' }), 409, 'notice_mismatch'],
    ['another time', unionpay.notice(demo, order, { txnTime: '20260101000000' }), 409, 'notice_mismatch'],
    ['an unknown order', unionpay.notice(demo, order, { orderId: '2026112113040501000000000199' }), 409, 'notice_mismatch'],
    ['another product', unionpay.notice(demo, order, { bizType: '000902' }), 409, 'notice_mismatch'],
    ['another merchant\'s certificate under the same CA', unionpay.notice(demo, order, {}, 'other-merchant'), 400, 'notice_signature'],
    ['UnionPay\'s name under another CA', unionpay.notice(demo, order, {}, 'foreign-gateway'), 400, 'notice_signature'],
    ['a CA as the signer', unionpay.notice(demo, order, {}, 'middle'), 400, 'notice_signature'],
    ['an altered amount', good.replace('txnAmt=20000', 'txnAmt=1'), 400, 'notice_signature'],
    ['an older version', unionpay.notice(demo, order, { version: '5.0.0' }), 400, 'notice_signature'],
    ['a shared key\'s method', unionpay.notice(demo, order, { signMethod: '11' }), 400, 'notice_signature'],
    ['no signature', shortened('signature'), 400, 'notice_signature'],
    ['no certificate', shortened('signPubKeyCert'), 400, 'notice_signature'],
  ];
  for (const [what, body, code, expected] of cases)
    await t.test(what, async () => {
      const rows = kept();
      const answer = await unionpay.notify(demo, body);
      refusedWith(answer, code, expected);
      conforms('post', '/notify/unionpay', answer);
      assert.equal(kept(), rows + 1, 'kept for a person');
      await unionpay.notify(demo, body);
      assert.equal(kept(), rows + 1, 'once');
    });
  await t.test('nothing was asked or booked', async () => {
    await sleep(700);
    assert.equal((await unionpay.control(demo, form, {})).asked, 0);
    assert.equal(booked(attempt), '0');
  });
  await t.test('and the right one is booked afterwards', async () => {
    assert.equal((await unionpay.notify(demo, good)).status, 200);
    await isPaid(renewal);
  });
});

test('hostile bodies are refused', async () => {
  for (const body of ['', '&&&', '%zz=1', 'a=%00', 'signature=x&signature=y', `signPubKeyCert=${'A'.repeat(20000)}&version=5.1.0&signMethod=01&signature=AAAA`, '\xff\xfe', '{}']) {
    const answer = await unionpay.notify(demo, body);
    assert.equal(answer.status, 400, body.slice(0, 20));
    assert.ok([400, 404].includes((await unionpay.goBack(demo, body)).status));
  }
});

test('the return page believes nobody without UnionPay\'s signature', async () => {
  const { form } = await opened();
  const order = await unionpay.paidInSilence(demo, form);
  refusedWith(await unionpay.goBack(demo, unionpay.notice(demo, order, {}, 'other-merchant')), 400, 'notice_signature');
  refusedWith(await unionpay.goBack(demo, unionpay.notice(demo, order, { orderId: '2026112113040501000000000199' })), 404, 'payment_unknown');
});

test('a refund\'s notice is never a payment', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.toGateway(form);
  const order = { ...form.fields, queryId: '202611211700001234567', traceTime: '1121170000' };
  for (const txnType of ['04', '31']) {
    assert.equal((await unionpay.notify(demo, unionpay.notice(demo, order, { txnType, txnSubType: '00', origQryId: '1' }))).status, 200);
    assert.equal(sql(`select count(*) from xuqi.payment_notice where attempt_no = '${attempt}' and reason = 'refund_not_asked'`), txnType === '04' ? '1' : '2');
  }
  assert.equal(await status(renewal), 'awaiting_payment');
});

// -- money that nobody owed ---------------------------------------------------------------------------------------

test('paid after close is surplus', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.toGateway(form);
  assert.equal((await client.cancel(demo, renewal)).status, 200);
  await unionpay.press(demo, form, 'pay');
  await until('the money is booked', () => booked(attempt) === '1');
  assert.equal(sql(`select reason || ' ' || amount_fen from xuqi.surplus where attempt_no = '${attempt}'`), 'not_payable 20000');
  booksRight();
});

test('paid on two rails: the first pays, the second is surplus, whichever it is', async (t) => {
  const alipay = async (renewal) => { const form = (await client.pay(demo, renewal, 'alipay')).json; return () => client.notify(demo, client.alipaySigned(demo, client.alipayNotice(demo, form))); };
  await t.test('Alipay first', async () => {
    const { renewal, form, attempt } = await opened();
    assert.equal((await (await alipay(renewal))()).text, 'success');
    await unionpay.toGateway(form);
    await unionpay.press(demo, form, 'pay');
    await until('the second is booked', () => booked(attempt) === '1');
    assert.equal(sql(`select reason from xuqi.surplus where attempt_no = '${attempt}'`), 'paid_twice');
  });
  await t.test('UnionPay first', async () => {
    const { renewal, form } = await opened();
    const pay = await alipay(renewal);
    await unionpay.toGateway(form);
    await unionpay.press(demo, form, 'pay');
    await isPaid(renewal);
    assert.equal((await pay()).text, 'success');
    assert.equal(sql(`select gateway || ' ' || reason from xuqi.surplus where renewal_no = '${renewal.renewal_no}'`), 'alipay paid_twice');
  });
  await t.test('both at once', async () => {
    const { renewal, form } = await opened();
    const pay = await alipay(renewal);
    await unionpay.toGateway(form);
    await Promise.all([pay(), unionpay.press(demo, form, 'pay')]);
    await until('both are booked', () => sql(`select count(*) from xuqi.surplus where renewal_no = '${renewal.renewal_no}'`) === '1');
    assert.equal(await status(renewal), 'awaiting_review');
  });
  booksRight();
});

test('a paid order opens no other payment', async () => {
  const { renewal } = await paidRenewal();
  refusedWith(await client.pay(demo, renewal, 'unionpay'), 409, 'already_paid');
});
