// SPDX-License-Identifier: Apache-2.0
// The short form of tests/chaos/payouts.mjs: a bank that misbehaves, and nobody is paid twice. Runs like main.mjs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { campaign } from '../chaos/payouts.mjs';

test('payouts through a bank that misbehaves', async (t) => {
  const facts = await campaign(60, 7);
  for (const it of facts) await t.test(it.what, () => assert.deepEqual(it.got, it.expected));
});
