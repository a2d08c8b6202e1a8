// SPDX-License-Identifier: Apache-2.0
// Alipay's answers that are not believed, or say nothing. Runs like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { paidThere, wasAsked } from '../support/alipay.mjs';
import { sql } from '../support/world.mjs';
import { askNow, booked, isPaid, state, status } from '../support/unionpay.mjs';

const kept = (attempt) => sql(`select count(*) from xuqi.payment_notice where attempt_no = '${attempt}' and verdict = 'refused'`);

test('an answer that says nothing about this payment books nothing and closes nothing', { concurrency: 7 }, async (t) => {
  const refused = { stranger: 1, unsigned: 1, altered: 1, truncated: 1, repeated: 1, other: 1, seller: 1, silence: 0, reset: 0, error500: 0, system: 0, fault: 0, notfound: 0, contradiction: 0 };
  await Promise.all(Object.entries(refused).map(([mode, refusals]) =>
    t.test(mode, async () => {
      const { renewal, attempt } = await paidThere(mode);
      askNow(attempt);
      await wasAsked(attempt);
      assert.equal(booked(attempt), '0', 'nothing is booked');
      assert.ok(['open', 'unknown'].includes(state(attempt)), 'nothing is closed');
      assert.equal(kept(attempt), String(refusals), 'what is not theirs is kept for a person');
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
