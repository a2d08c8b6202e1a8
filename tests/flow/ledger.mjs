// SPDX-License-Identifier: Apache-2.0
// The ledger's commands as an operator sees them: the chart, what is broken and where, months that may not be closed yet.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ctl, paidRenewal, sql } from '../support/world.mjs';

// What a command that refuses says.
function refused(status, ...args) {
  try {
    ctl(...args);
  } catch (failure) {
    assert.equal(failure.status, status, failure.stderr);
    return failure.stdout + failure.stderr;
  }
  return assert.fail(`${args.join(' ')} did not refuse`);
}

test('the chart of accounts is printed in both languages', () => {
  const chart = ctl('ledger', 'accounts');
  assert.match(chart, /^receivable +debit +order +guarded +应收账款 receivable$/m);
  assert.match(chart, /What is still owed for an order/);
  assert.equal(chart.match(/^[a-z_]+ +(debit|credit) /gm).length, Number(sql('select count(*) from xuqi.account_chart')));
});

test('the books are right, and a fault is named with its place until it is gone', async () => {
  const { renewal } = await paidRenewal();
  assert.match(ctl('ledger', 'verify'), /the books are right/);
  const order = sql(`select order_no from xuqi.renewal where renewal_no = '${renewal.renewal_no}'`);
  const change = (by) => sql(`set session_replication_role = replica; update xuqi.order_line set unit_fen = unit_fen + ${by} where order_no = '${order}' and line = 1`);
  change(1);
  try {
    const found = refused(1, 'ledger', 'verify');
    assert.match(found, /broken: an order is the sum of its lines \(1\)/);
    assert.match(found, new RegExp(`order ${order}`));
  } finally {
    change(-1);
  }
  assert.match(ctl('ledger', 'verify'), /the books are right/);
});

test('a month is not closed before it is over, nor out of turn, nor when it is no month', () => {
  const [first, now] = sql("select to_char(xuqi.beijing(min(event_at)), 'YYYY-MM') || ' ' || to_char(xuqi.beijing(now()), 'YYYY-MM') from xuqi.posting").split(' ');
  const inTurn = new RegExp(`closed in turn; close this one first\\): ${first}`);
  assert.match(refused(1, 'ledger', 'close', now), first === now ? /has not ended in Beijing/ : inTurn); // other stories' bills are of months before
  assert.match(refused(1, 'ledger', 'close', '2001-01'), inTurn);
  for (const word of ['2026-13', '2026-00', '202610', '2026-1', 'october', '1999-12']) assert.match(refused(2, 'ledger', 'close', word), /a month is written YYYY-MM/);
  assert.equal(sql('select count(*) from xuqi.period'), '0');
});
