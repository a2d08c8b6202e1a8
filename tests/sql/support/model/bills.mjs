// SPDX-License-Identifier: Apache-2.0
// The gateways' bills held against the books: each bill is made of what the gateway really captured, without some of it, with some
// of another amount, with money that we have not heard of, with refunds made at its console. What of it is whose is told in
// tests/sql/reconcile.sql and planted.sql; here that the clearing account follows.
import { call } from './call.mjs';
import { hex } from './reference.mjs';

const RAILS = ['alipay', 'wechat'];
const RATE = 60; // in 1/10000
const fee = (fen) => Math.floor((fen * RATE) / 10000 + 0.5) * 1000;

function rows(books, pick, rail, before, attempts) {
  books.billed ??= new Map();
  const key = `${rail}:${before}`;
  const all = books.billed.get(key) ?? books.billed.set(key, new Map()).get(key);
  const add = (row) => all.set(`${row.kind} ${row.id}`, row);
  for (const it of books.captured.values())
    if (it.gateway === rail && it.before === before && !pick.chance(25) && !all.has(`payment ${it.txn}`))
      add({ kind: 'payment', id: it.txn, attempt: it.attempt, fen: it.fen + (pick.chance(12) ? 1 : 0), fee: fee(it.fen) });
  if (pick.chance(40)) {
    const attempt = pick.mostly(75, attempts.filter((a) => a.gateway === rail), []);
    const fen = Number(attempt?.fen ?? 1 + pick.below(5000));
    add({ kind: 'payment', id: books.fresh('long').replace(' ', ''), attempt: attempt?.no ?? 'nobody', fen, fee: fee(fen) });
  }
  if (pick.chance(20)) add({ kind: 'refund', id: books.fresh('external').replace(' ', ''), attempt: '', fen: 1 + pick.below(300), fee: 0 });
  return [...all.values()];
}

export async function match_run(books, pick) {
  const rail = pick.of(RAILS);
  const before = 1 + pick.below(3);
  const day = books.date(before);
  const attempts = await books.rows(`select a.attempt_no as no, a.gateway, a.amount_fen as fen, a.state, a.queried, o.renewal_no as renewal from xuqi.payment_attempt as a join xuqi."order" as o using (order_no) order by 1`);
  let bill = [];
  if (pick.chance(70)) {
    bill = rows(books, pick, rail, before, attempts);
    const [{ file_id: file }] = await books.rows(`select file_id from xuqi.bill_keep($1, $2, sha256(convert_to($3, 'UTF8')), 100, 'command', 'op')`, [rail, day, JSON.stringify(bill)]);
    const list = (each) => `{${bill.map((row, i) => JSON.stringify(String(each(row, i)))).join()}}`;
    await books.rows(`select * from xuqi.bill_put($1, $2, $3, $4, $4, $5, $6, $7, $8, array_fill(($9 || ' 12:00+08')::timestamptz, array[$10::int]), array_fill('SUCCESS'::text, array[$10::int]))`,
      [file, list((_, i) => i + 1), list((r) => r.kind), list((r) => r.id), list((r) => r.attempt), list(() => ''), list((r) => r.fen), list((r) => r.fee), day, bill.length]);
    await books.rows('select * from xuqi.bill_loaded($1, $2)', [file, bill.length]);
  }
  const [held] = await books.rows('select state, fee_booked_fen as booked, fee_millifen as fee from xuqi.bill_day where rail = $1 and day = $2', [rail, day]);
  const expect = held && ['loaded', 'empty'].includes(held.state) ? 'matched' : 'bill_missing';
  const posts = expect === 'matched' ? await strange(books, rail, day, attempts) : [];
  const delta = expect === 'matched' ? Math.floor(Number(held.fee) / 1000 + 0.5) - Number(held.booked) : 0;
  if (delta !== 0) posts.push({ text: `bill_fee ${delta > 0 ? `gateway_fee:${rail}>gateway_clearing:${rail}` : `gateway_clearing:${rail}>gateway_fee:${rail}`}=${Math.abs(delta)}`, fen: -delta });
  return call({
    procedure: 'match_run', values: [rail, day, RATE], expect, posts: () => posts.map((it) => it.text),
    learns() {
      for (const it of posts) {
        books.clears(rail, it.fen);
        if (it.captured) books.captured.set(it.captured.txn, it.captured);
      }
    },
  });
}

// What the bill has and we have not: another payment of what is paid is surplus, one of an attempt that is asked about
// waits for the gateway's word, everything else is held in suspense.
async function strange(books, rail, day, attempts) {
  const found = await books.rows(`select b.kind, b.gateway_id as id, b.attempt_no as attempt, b.amount_fen as fen, x.id is not null as raised, x.booked_fen as booked, x.action, x.state, x.class
      from xuqi.bill_row as b left join xuqi.match_difference as x on x.rail = b.rail and x.kind = b.kind and x.gateway_id = b.gateway_id
     where b.rail = $1 and (b.day = $2 or b.day < $2 and x.id is not null) and not exists (select from xuqi.payment_notice as n where n.gateway = b.rail and n.gateway_txn = b.gateway_id and n.verdict in ('settled', 'surplus'))
     order by b.gateway_id`, [rail, day]);
  const posts = [];
  for (const row of found) {
    const fen = Number(row.fen);
    if (row.kind === 'refund') {
      if (row.raised === 'f') posts.push({ text: `external_refund statement_suspense:${rail}>gateway_clearing:${rail}=${fen}`, fen: -fen });
      continue;
    }
    if (row.raised === 't' && (row.class !== 'long' || row.booked !== '0' || row.action !== 'query' || row.state !== 'open')) continue;
    const attempt = attempts.find((a) => a.no === row.attempt && a.gateway === rail);
    if (attempt && ['paid', 'surplus'].includes(attempt.state)) {
      const r = await books.subject(attempt.renewal);
      posts.push({ text: `gateway gateway_clearing:${rail}>payer_credit:${r.payer}=${fen}`, fen, captured: { gateway: rail, txn: row.id, attempt: attempt.no, fen, told: true } });
    } else if (!attempt || attempt.queried === 'f') posts.push({ text: `statement_long gateway_clearing:${rail}>statement_suspense:${rail}=${fen}`, fen });
    else if (!books.captured.has(row.id)) books.captured.set(row.id, { gateway: rail, txn: row.id, attempt: attempt.no, fen, told: false });
  }
  return posts;
}

export async function match_again(books, pick) {
  const caller = books.finance(pick);
  const before = pick.chance(25) ? -2 : pick.below(3); // not tomorrow: it may begin during a walk
  const expect = caller.fault ?? (before < 0 ? 'bill_missing' : 'asked');
  return call({ procedure: 'match_again', values: [caller.token, pick.of(RAILS), books.date(before)], expect });
}

const DIFFERENCES = `select x.id, x.rail, x.kind, x.state, x.reason, x.our_day is not null as ours, x.their_day is not null as theirs, x.ours_fen, x.theirs_fen, x.booked_fen, s.name as by
  from xuqi.match_difference as x left join xuqi.staff as s on s.id = x.resolved_by`;

async function difference(books, pick) {
  const all = await books.rows(`${DIFFERENCES} order by x.id`);
  return pick.mostly(85, all.filter((x) => ['open', 'waiting'].includes(x.state)), all);
}

// A person explains it; in suspense, the gateway owes us what its bill says.
export async function difference_resolve(books, pick) {
  const it = await difference(books, pick);
  if (!it) return null;
  const caller = it.by && pick.chance(50) ? { ...books.finance(pick), name: it.by } : books.finance(pick);
  if (it.by === caller.name && !caller.fault) caller.token = hex(`token ${it.by}`);
  const unknown = pick.chance(4);
  const suspense = pick.chance(50);
  const reason = it.reason && pick.chance(70) ? it.reason : pick.of(['渠道确认', '另行处理']);
  const same = it.state === 'resolved' && it.by === caller.name && it.reason === reason;
  const expect = caller.fault ?? (unknown ? 'difference_unknown' : same ? 'resolved' : ['settled', 'resolved'].includes(it.state) ? 'difference_closed' : 'resolved');
  const sign = { payment: 1, refund: -1 }[it.kind] ?? 0;
  const effect = suspense && sign !== 0 ? sign * ((it.ours === 't' ? Number(it.ours_fen) : 0) - (it.theirs === 't' ? Number(it.theirs_fen) : 0)) + Number(it.booked_fen) : 0;
  const doing = expect === 'resolved' && !same && effect !== 0;
  const accounts = [`statement_suspense:${it.rail}`, `gateway_clearing:${it.rail}`];
  return call({
    procedure: 'difference_resolve', values: [caller.token, unknown ? 999999 : it.id, reason, suspense], expect,
    posts: () => (doing ? [`difference ${(effect > 0 ? accounts : accounts.reverse()).join('>')}=${Math.abs(effect)}`] : []),
    learns() { if (doing) books.clears(it.rail, -effect); },
  });
}

export async function difference_assign(books, pick) {
  const it = await difference(books, pick);
  if (!it) return null;
  const caller = books.finance(pick);
  const unknown = pick.chance(5);
  const owner = pick.chance(15) ? 'ann' : pick.of(['fay', 'fin']);
  const expect = caller.fault ?? (unknown ? 'difference_unknown' : ['settled', 'resolved'].includes(it.state) ? 'difference_closed' : owner === 'ann' ? 'staff_unknown' : 'assigned');
  return call({ procedure: 'difference_assign', values: [caller.token, unknown ? 999999 : it.id, owner], expect });
}
