// SPDX-License-Identifier: Apache-2.0
// UnionPay's gateway misbehaves, contradicts itself or hangs, and jobs is killed: unknown stays unknown, is asked again
// with the same number, and each payment is booked once or shown to a person.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as client from '../support/client.mjs';
import * as unionpay from '../support/unionpay.mjs';
import { askNow, booked, booksRight, isPaid, lastWord, opened, refusedWith, state, status, until } from '../support/unionpay.mjs';
import { conforms } from '../support/openapi.mjs';
import { demo, folder, sockets, sql, startAsOwner } from '../support/world.mjs';

// -- a gateway that misbehaves ------------------------------------------------------------------------------------

test('whatever the gateway answers first, it is asked again with the same number and booked once', async (t) => {
  const modes = ['reset', 'error500', 'garbage', 'altered', 'foreign', 'othername', 'merchant', 'currency', 'order', 'time', 'version', 'resp:03', 'resp:34', 'resp:37', 'resp:ZZ', 'orig:03', 'orig:04', 'orig:05', 'orig:99'];
  const cases = [];
  for (const mode of modes) {
    const { renewal, form, attempt } = await opened();
    const order = await unionpay.paidInSilence(demo, form);
    await unionpay.control(demo, form, { query: [mode] });
    assert.equal((await unionpay.notify(demo, unionpay.notice(demo, order))).status, 200);
    cases.push({ mode, renewal, form, attempt });
  }
  const list = cases.map((it) => `'${it.attempt}'`).join(',');
  await until('all were asked', () => sql(`select count(*) from xuqi.payment_attempt where attempt_no in (${list}) and asked > 0`) === String(modes.length));
  for (const it of cases) askNow(it.attempt);
  for (const { mode, renewal, form, attempt } of cases)
    await t.test(mode, async () => {
      await isPaid(renewal);
      assert.equal(booked(attempt), '1');
      assert.ok((await unionpay.control(demo, form, {})).asked >= 2, 'not booked on the first answer');
      assert.equal(sql(`select attempts from xuqi."order" where order_no = '${renewal.order_no}'`), '1', 'never a new number');
    });
  booksRight();
});

test('a hanging gateway holds up nobody, and the answer that never came is asked for again', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.paidInSilence(demo, form);
  await unionpay.control(demo, form, { query: ['silence'] });
  await unionpay.refresh(demo, renewal, attempt);
  const other = await opened();
  await unionpay.paidInSilence(demo, other.form);
  await unionpay.refresh(demo, other.renewal, other.attempt);
  await isPaid(other.renewal);
  await until('the time is up', () => lastWord(attempt).startsWith('no_answer'), 20);
  askNow(attempt);
  await isPaid(renewal);
});

test('while a payment is under way nobody gets another number', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.paidInSilence(demo, form);
  await unionpay.control(demo, form, { query: ['orig:05'] });
  await unionpay.refresh(demo, renewal, attempt);
  await until('it is under way', () => lastWord(attempt) === 'pending 05');
  sql(`update xuqi.payment_attempt set created_at = created_at - interval '20 minutes' where attempt_no = '${attempt}'`);
  const answer = await client.pay(demo, renewal, 'unionpay');
  refusedWith(answer, 409, 'payment_pending');
  conforms('post', '/api/v1/renewals/{no}/payments', answer);
  sql(`update xuqi.payment_attempt set created_at = created_at + interval '20 minutes' where attempt_no = '${attempt}'`);
  askNow(attempt);
  await isPaid(renewal);
});

test('an answer with another amount books nothing and goes to a person', async () => {
  const { renewal, form, attempt } = await opened();
  const order = await unionpay.paidInSilence(demo, form);
  await unionpay.control(demo, form, { query: ['amount'] });
  await unionpay.notify(demo, unionpay.notice(demo, order));
  await until('a person is asked', () => sql(`select state from xuqi.outbox where event = '${attempt}'`) === 'dead');
  assert.equal(state(attempt), 'unknown');
  assert.equal(sql(`select reason from xuqi.payment_notice where attempt_no = '${attempt}' and verdict = 'mismatch'`), 'amount differs');
  assert.equal(await status(renewal), 'awaiting_payment');
});

test('values with = and & in braces, and the certificate\'s line ends, are read as they were signed', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.paidInSilence(demo, form);
  await unionpay.control(demo, form, { query: ['braces'] });
  await unionpay.refresh(demo, renewal, attempt);
  await isPaid(renewal);
});

test('a payer without money has not paid, tries again under the same number, and has', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.toGateway(form);
  await unionpay.press(demo, form, 'fail');
  await unionpay.refresh(demo, renewal, attempt);
  await until('the refusal is known', () => lastWord(attempt) === 'not_paid 64');
  assert.equal(state(attempt), 'open');
  assert.equal((await client.pay(demo, renewal, 'unionpay')).json.attempt_no, attempt);
  await unionpay.press(demo, form, 'pay');
  await isPaid(renewal);
});

test('the notice says paid, the gateway denies it: never booked, never closed, a person must look', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.toGateway(form);
  const order = { ...form.fields, queryId: '202611211700007654321', traceTime: '1121170000' };
  assert.equal((await unionpay.notify(demo, unionpay.notice(demo, order))).status, 200);
  await until('it is asked', () => lastWord(attempt) === 'not_found 34');
  assert.equal(booked(attempt), '0');
  sql(`update xuqi.payment_attempt set created_at = created_at - interval '3 days', expires_at = expires_at - interval '3 days' where attempt_no = '${attempt}'`);
  askNow(attempt);
  await until('the end', () => sql(`select state from xuqi.outbox where event = '${attempt}'`) === 'dead');
  assert.equal(state(attempt), 'unknown');
  assert.equal(await status(renewal), 'awaiting_payment');
});

test('not found after its time is closed, by the gateway\'s word', async () => {
  const { form, attempt } = await opened();
  await unionpay.toGateway(form);
  sql(`update xuqi.payment_attempt set created_at = created_at - interval '1 hour', expires_at = expires_at - interval '1 hour' where attempt_no = '${attempt}'`);
  askNow(attempt);
  await until('it is closed', () => state(attempt) === 'closed');
});

// -- jobs dies ----------------------------------------------------------------------------------------------------

test('jobs killed between the answer and the booking: asked again, booked once', async () => {
  const { renewal, form, attempt } = await opened();
  await unionpay.paidInSilence(demo, form);
  // Somebody holds the renewal, so that the booking waits while jobs is killed.
  const holding = startAsOwner('psql', '-XAtq', '-c', `begin; select from xuqi.renewal where renewal_no = '${renewal.renewal_no}' for update; select pg_sleep(20) /* until jobs is dead */; commit`,
    `host=${sockets} dbname=xuqi user=postgres`);
  await unionpay.control(demo, form, {});
  askNow(attempt);
  await until('the booking waits', () => sql(`select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%payment_settle%'`) === '1', 18);
  execFileSync('kill', ['-9', execFileSync('pgrep', ['-f', `xuqid --supervised --config ${folder}/xuqid.yaml --role jobs`], { encoding: 'utf8' }).trim()]);
  sql("select pg_cancel_backend(pid) from pg_stat_activity where state = 'active' and query like '%until jobs is dead%' and pid <> pg_backend_pid()");
  await holding.catch(() => {});
  sql(`update xuqi.outbox set lease_until = now() where event = '${attempt}' and state = 'leased'`);
  await isPaid(renewal);
  await until('the question is done', () => sql(`select count(*) from xuqi.outbox where event = '${attempt}'`) === '0', 20);
  assert.ok((await unionpay.control(demo, form, {})).asked >= 2, 'asked again');
  assert.equal(booked(attempt), '1');
  booksRight();
});
