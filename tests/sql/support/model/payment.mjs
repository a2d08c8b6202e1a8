// SPDX-License-Identifier: Apache-2.0
// Payments: attempts, the gateway's word in all its forms, forgeries.
import { GATEWAYS, isOpen } from './reference.mjs';
import { call } from './call.mjs';

export function payment_open(world, pick) {
  const renewal = world.renewal(pick, 'awaiting_payment');
  if (!renewal) return null;
  const method = pick.chance(5) ? 'cheque' : pick.of(GATEWAYS);
  const lifetime = pick.chance(20) ? 0 : 1800;
  const young = lifetime === 0 ? undefined
    : [...renewal.attempts].reverse().find((a) => a.gateway === method && a.state === 'open' && !a.old);
  const expect = renewal.unknown ? 'renewal_unknown' : renewal.order === 'paid' ? 'already_paid'
    : renewal.status !== 'awaiting_payment' ? 'renewal_state' : !GATEWAYS.includes(method) ? 'method_unavailable'
      : !young && renewal.spent >= 99 ? 'rate_limited' : 'opened';
  const no = young?.no ?? `${renewal.orderNo}${String((renewal.spent ?? 0) + 1).padStart(2, '0')}`;
  return call({
    procedure: 'payment_open', values: [renewal.no, method, lifetime], expect, renewal,
    learns() {
      if (expect !== 'opened' || young) return;
      renewal.spent++;
      renewal.attempts.push({ no, gateway: method, state: 'open', renewal, old: false });
    },
    wrong: (row) => (expect === 'opened' && (row.attempt_no !== no || Number(row.amount_fen) !== renewal.amount)
      ? `attempt ${row.attempt_no} over ${row.amount_fen} instead of ${no} over ${renewal.amount}` : null),
  });
}

function booking(world, attempt, gateway, txn, amount, outcome) {
  const { renewal } = attempt;
  world.booked.set(`${gateway}:${txn}`, { gateway, txn, attempt: attempt.no, amount });
  world.give(world.clearing, gateway, amount);
  if (outcome === 'settled') {
    renewal.order = 'paid';
    attempt.state = 'paid';
    world.move(renewal);
    world.enqueue(renewal, 'paid');
  } else {
    world.give(world.credit, renewal.payer, amount);
    renewal.surplus.push({ txn, amount, reason: renewal.order === 'paid' ? 'paid_twice' : 'not_payable' });
    if (!['paid', 'surplus'].includes(attempt.state)) attempt.state = 'surplus';
    world.enqueueRefund(renewal);
  }
}

function notice(world, { gateway, no, txn, amount, copy = '' }) {
  const attempt = world.renewals.flatMap((r) => r.attempts).find((a) => a.no === no);
  const known = world.booked.get(`${gateway}:${txn}`);
  const other = known && (known.attempt !== no || known.amount !== amount);
  const expect = other || !attempt || attempt.gateway !== gateway || attempt.renewal.amount !== amount ? 'notice_mismatch'
    : known ? 'replayed' : attempt.renewal.order === 'unpaid' && attempt.renewal.status === 'awaiting_payment' ? 'settled' : 'surplus';
  const raw = `notice ${gateway} ${no} ${txn} ${amount} ${copy}`;
  return call({
    procedure: 'payment_settle', expect, renewal: attempt?.renewal,
    sql: `select * from xuqi.payment_settle($1, $2, $3, $4, now(), 'b***r', convert_to($5, 'UTF8'), 'key 1')`,
    values: [gateway, no, txn, amount, raw],
    learns() {
      world.notices.add(`${gateway} ${raw} ${expect === 'notice_mismatch' ? 'mismatch' : expect}`);
      if (expect === 'settled' || expect === 'surplus') booking(world, attempt, gateway, txn, amount, expect);
    },
    wrong: (row) => (attempt && !['notice_mismatch'].includes(expect) && row.status !== attempt.renewal.status && expect !== 'settled'
      ? `says ${row.status}` : null),
  });
}

// Mostly right; now and then too late, too little, for another's attempt or gateway, or under a transaction of before.
export function payment_settle(world, pick) {
  const attempts = world.renewals.flatMap((r) => r.attempts);
  if (attempts.length === 0) return null;
  const due = attempts.filter((a) => a.renewal.status === 'awaiting_payment');
  const closed = attempts.filter((a) => a.state === 'closed' || !isOpen(a.renewal));
  const attempt = pick.chance(10) ? pick.mostly(100, closed, attempts) : pick.mostly(75, due, attempts);
  const kind = pick.below(20);
  return notice(world, {
    gateway: kind === 0 ? pick.of(GATEWAYS) : attempt.gateway,
    no: kind === 1 ? '0'.repeat(28) : attempt.no,
    txn: kind === 2 && world.booked.size > 0 ? pick.of([...world.booked.values()]).txn : world.fresh('txn').replace(' ', ''),
    amount: kind === 3 ? attempt.renewal.amount - 1 : kind === 4 ? attempt.renewal.amount * 2 : attempt.renewal.amount,
  });
}

// What was booked comes again: the same bytes, other bytes, another amount.
export function payment_repeat(world, pick) {
  if (world.booked.size === 0) return null;
  const known = pick.of([...world.booked.values()]);
  const copy = pick.chance(40) ? '' : `copy ${pick.below(3)}`;
  return notice(world, { gateway: known.gateway, no: known.attempt, txn: known.txn, amount: known.amount + (pick.chance(15) ? 1 : 0), copy });
}

export function notice_refuse(world, pick) {
  const raw = `forged ${pick.below(30)}`;
  const key = `alipay ${raw} refused`;
  return call({
    procedure: 'notice_refuse', sql: `select * from xuqi.notice_refuse('alipay', 'notice_signature', null, null, convert_to($1, 'UTF8'))`,
    values: [raw], expect: world.notices.has(key) ? 'known' : 'recorded', learns() { world.notices.add(key); },
  });
}
