// SPDX-License-Identifier: Apache-2.0
// Alipay's answers that are not believed, or say nothing. Runs like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { paidThere, right, wasAsked } from '../support/alipay.mjs';
import { sql } from '../support/world.mjs';
import { askNow, booked, isPaid, state, status } from '../support/unionpay.mjs';

const kept = (attempt) => sql(`select count(*) from xuqi.payment_notice where attempt_no = '${attempt}' and verdict = 'refused'`);

test('an answer that says nothing about this payment books nothing and closes nothing', { concurrency: 7 }, async (t) => {
  const foreign = ['stranger', 'unsigned', 'altered', 'truncated', 'repeated', 'other', 'seller'];
  const silent = ['silence', 'reset', 'error500', 'system', 'fault', 'notfound', 'contradiction'];
  await Promise.all([...foreign, ...silent].map((mode) =>
    t.test(mode, async () => {
      const { renewal, attempt } = await paidThere(mode);
      askNow(attempt);
      await wasAsked(attempt);
      assert.equal(booked(attempt), '0', 'nothing is booked');
      assert.ok(['open', 'unknown'].includes(state(attempt)), 'nothing is closed');
      assert.equal(kept(attempt) !== '0', foreign.includes(mode), 'what is not theirs is kept for a person');
      await right(attempt);
      askNow(attempt);
      await isPaid(renewal);
      assert.equal(booked(attempt), '1');
    })));
});

test('a wrong amount, signed, is for a person and books nothing', async () => {
  const { renewal, attempt } = await paidThere('amount');
  askNow(attempt);
  await wasAsked(attempt);
  assert.equal(sql(`select state from xuqi.outbox where event = '${attempt}' and topic = 'payment_query'`), 'dead');
  assert.equal(booked(attempt), '0');
  assert.equal(await status(renewal), 'awaiting_payment');
});
