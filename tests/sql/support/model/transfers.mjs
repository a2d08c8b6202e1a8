// SPDX-License-Identifier: Apache-2.0
// Bank transfers: what payers say they paid, what is found on the statements by itself, what finance does by hand, and the
// payer's credit. Which line is whose by which rule is told in tests/sql/matching.sql and matchers; here that whatever is
// found is there, once, and goes where it belongs.
import { Books, creditUsed, matched, OURS } from './books.mjs';
import { hex, UNKNOWN_NO } from './reference.mjs';
import { call } from './call.mjs';
import { PAYERS } from './subjects.mjs';

const payable = (r) => r.order_state === 'unpaid' && r.status === 'awaiting_payment';
const free = (r) => r.credit - r.aside - r.owed;

// What matching may post: a leg for each match, the price of each order that it fills, and a verification's payout that is not needed any more.
function ofMatches(news) {
  const orders = news.matches.map((m) => m.order);
  const rest = news.postings.split('; ').filter((it) => (it.startsWith('credit_use ') && orders.some((no) => it.includes(`>receivable:${no}=`)))
    || it.startsWith('reverse payout_clearing:'));
  return [...news.matches.map(matched), ...rest];
}

const declared = (books, r) => books.rows(`select id, encode(content_index, 'hex') as content, state, removed_at is not null as removed, checks, amount_fen as fen,
    transferred_on::text as day from xuqi.declared_transfer where renewal_no = $1 order by id`, [r.no]);

// Of what was declared and is said not to have come, no line may be there that it must be.
async function overlooked(books, r) {
  for (const row of await declared(books, r)) {
    const said = books.said?.get(row.content);
    if (row.state !== 'waiting' || row.removed === 't' || !said || said.account === '') continue;
    const [there] = await books.rows(`select count(*) as n from xuqi.statement_line as l where l.payer_account = $1 and l.amount_fen = $2 and l.direction = 'credit' and l.kind = 'ordinary'
        and l.reversed_by is null and l.taken_fen = 0 and abs(l.booked_on - $3::date) <= 3 and l.remark !~ '[0-9]{10}'
        and not exists (select from xuqi.transfer_match as m where m.line_id = l.id and m.renewal_no = $4)`, [said.account, row.fen, row.day, r.no]);
    if (said.fresh && Number(there.n) > 0) return `transfer ${row.id} is waiting, and ${there.n} lines are there`;
  }
  return null;
}

export async function transfer_declare(books, pick) {
  const r = await books.renewal(pick, `r.status = 'awaiting_payment'`);
  if (!r) return null;
  const lines = [...books.bank.values()].flat().filter((line) => line.imported && line.fen > 0);
  const count = pick.chance(3) ? 21 : 1 + pick.below(2);
  const rows = Array.from({ length: count }, (_, i) => {
    const line = lines.length > 0 && pick.chance(75) ? pick.of(lines) : null;
    return { account: line?.account ?? '6222029999999999', name: line?.name ?? pick.of(PAYERS), fen: line?.fen ?? 1 + pick.below(30000) + i, day: books.date((line?.before ?? 2) + pick.below(2)) };
  });
  const content = (row) => hex([row.account, row.name, row.fen, row.day].join('|'));
  const given = [...new Map(rows.map((row) => [content(row), row])).entries()];
  const before = r.unknown ? [] : await declared(books, r);
  const has = (it) => before.filter((row) => `\\x${row.content}` === it);
  const expect = r.unknown ? 'renewal_unknown' : given.every(([it]) => has(it).some((row) => row.state === 'matched')) ? 'checked'
    : r.order_state === 'paid' ? 'already_paid' : !payable(r) ? 'renewal_state' : !r.methods.includes('bank_transfer') ? 'method_unavailable'
      : given.length > 20 || before.filter((row) => row.removed === 'f' && !given.some(([it]) => it === `\\x${row.content}`)).length + given.length > 20
        || before.length > 50 || before.reduce((sum, row) => sum + Number(row.checks), 0) > 200 ? 'transfer_limit' : 'checked';
  const list = (each) => `{${given.map(([it, row]) => JSON.stringify(String(each(row, it)))).join()}}`;
  return call({
    procedure: 'transfer_declare', expect, renewal: r,
    values: [r.no, list((_, it) => it), list((row) => row.fen), list((row) => Books.dayNumber(row.day)), list(() => '\\x00'), list((row) => hex(row.account)),
      list((row) => `****${row.account.slice(-4)}`), list((row) => `${row.name[0]}*`), list((row) => row.account), list((row) => row.name)],
    posts: (got, row, news) => ofMatches(news),
    async wrong(row, _, got, news) {
      if (got !== 'checked') return null;
      books.said ??= new Map();
      for (const said of books.said.values()) said.fresh = false;
      for (const [it, what] of given) books.said.set(it.slice(2), { ...what, fresh: true });
      if (Number(row.credited) < news.matches.length) return `says ${row.credited} of ${news.matches.length}`;
      const strange = news.matches.find((m) => m.rule !== 'declared' || !given.some(([, said]) => said.fen === m.fen));
      return strange ? `took ${strange.line} over ${strange.fen}` : overlooked(books, r);
    },
  });
}

export async function transfer_verify(books, pick) {
  const rows = await books.rows(`select id, encode(content_index, 'hex') as content, state, removed_at is not null as removed, renewal_no as renewal, amount_fen as fen from xuqi.declared_transfer order by id`);
  const row = pick.mostly(85, rows.filter((it) => it.removed === 'f' && it.state !== 'matched'), rows);
  if (!row) return null;
  const said = books.said.get(row.content);
  const expect = row.removed === 't' ? 'removed' : row.state === 'matched' ? 'matched' : ['matched', 'waiting', 'differs', 'used', 'ambiguous'];
  return call({
    procedure: 'transfer_verify', values: [row.id, said.account, said.name], expect, renewal: { no: row.renewal },
    posts: (got, _, news) => ofMatches(news),
    wrong: (_, __, got, news) => (news.matches.length !== (got === 'matched' && row.state !== 'matched' ? 1 : 0) || news.matches.some((m) => m.fen !== Number(row.fen))
      ? `took ${JSON.stringify(news.matches)}` : null),
  });
}

export async function transfer_remove(books, pick) {
  const rows = await books.rows('select id, state, renewal_no as renewal from xuqi.declared_transfer order by id');
  const row = pick.mostly(100, rows, []);
  if (!row) return null;
  const other = pick.chance(8);
  const expect = other ? 'transfer_unknown' : row.state === 'matched' ? 'transfer_matched' : 'removed';
  return call({ procedure: 'transfer_remove', values: [other ? UNKNOWN_NO : row.renewal, row.id], expect, renewal: { no: row.renewal } });
}

// The matcher at work on an import, a phase of it.
export async function statement_match(books, pick) {
  const imports = await books.rows('select id from xuqi.statement_import order by id desc limit 5');
  const it = pick.mostly(100, imports, []);
  if (!it) return null;
  return call({
    procedure: 'statement_match', values: [it.id, pick.of(['numbers', 'misspelt', 'sums']), 0, 1000], expect: 'looked', outcome: () => 'looked',
    posts: (got, row, news) => ofMatches(news),
    async wrong(row, _, got, news) {
      if (Number(row.matched) !== news.matches.length) return `says ${row.matched} of ${news.matches.length}`;
      for (const match of news.matches) {
        const facts = await books.subject(match.no);
        const line = books.bank.get(match.account).find((each) => each.key === match.line);
        const agrees = line.remark.includes(match.order) || line.name === facts.organisation || line.account !== '';
        if (!agrees || line.fen <= 0 || line.reversed || line.kind !== 'ordinary') return `gave ${match.line} to ${match.no} for its amount alone`;
      }
      return null;
    },
  });
}

export async function credit_use(books, pick) {
  const r = await books.renewal(pick, `r.status = 'awaiting_payment' and o.funded_fen < o.amount_fen and model.held(o.payer_credit_id) > 0`);
  if (!r) return null;
  const used = r.unknown ? 0 : Math.min(free(r), r.amount - r.funded);
  const expect = r.unknown ? 'renewal_unknown' : r.order_state === 'paid' ? 'already_paid' : !payable(r) ? 'renewal_state' : used <= 0 ? 'credit_absent' : 'used';
  return call({
    procedure: 'credit_use', values: [r.no], expect, renewal: r,
    posts: () => (expect === 'used' && r.funded + used === r.amount ? [creditUsed(r)] : []),
    wrong: (row) => (expect === 'used' && Number(row.used_fen) !== used ? `used ${row.used_fen} instead of ${used}` : null),
  });
}

// -- by hand -----------------------------------------------------------------------------------------------------------

const LINES = `select l.id, c.account_no as account, l.direction, l.kind, l.reversed_by is not null as reversed, l.amount_fen as fen, l.taken_fen as taken, l.payer_account_digits as digits
  from xuqi.statement_line as l join xuqi.collecting_account as c on c.id = l.collecting_account_id`;
const MATCHES = `select m.id, m.order_no, m.renewal_no as renewal, m.line_id as line, m.fen, m.undone_at is not null as undone,
  coalesce((select sum(p.fen) from xuqi.payout_request as p join xuqi.finance_request as f on f.id = p.request_id where f.match_id = m.id and p.state <> 'failed'), 0) as repaid
  from xuqi.transfer_match as m`;
const SUSPENDED = `select id, fen, posting_id from xuqi.finance_request where line_id = $1 and kind = 'suspend' and state = 'done' and released_by is null order by id`;

// Why not, and what it would post; from the facts as they are now.
async function verdict(books, kind, { line, order, match, fen }) {
  const [it] = match ? await books.rows(`${MATCHES} where m.id = $1`, [match]) : [];
  const [of] = await books.rows(`${LINES} where l.id = $1`, [line ?? it?.line ?? 0]);
  const [due] = await books.rows('select renewal_no as no from xuqi."order" where order_no = $1', [order ?? it?.order_no ?? '']);
  const r = due ? await books.subject(due.no) : null;
  const usable = of && of.direction === 'credit' && of.kind === 'ordinary' && of.reversed === 'f' && Number(of.fen) - Number(of.taken) >= fen;
  const receipts = `unmatched_receipts:${of?.account}`;
  const [held] = kind === 'release' ? (await books.rows(SUSPENDED, [line])).filter((each) => Number(each.fen) === fen) : [];
  if (kind === 'release') return { fault: held ? null : 'suspension_unknown', posts: () => [`finance_release statement_suspense:${of.account}>${receipts}=${fen}`] };
  if (['unmatch', 'repay'].includes(kind)) {
    if (!it) return { fault: 'match_unknown' };
    if (it.undone === 't') return { fault: 'match_undone' };
    const back = r.order_state === 'unpaid' ? Math.min(r.funded, Number(it.fen)) : 0;
    if (kind === 'unmatch') {
      return { r, fault: free(r) + back < Number(it.fen) ? 'match_spent' : null, posts: () => [`match_undo payer_credit:${r.payer}>${receipts}=${it.fen}`] };
    }
    const fault = free(r) < fen || Number(it.fen) - Number(it.repaid) < fen ? 'credit_absent' : of.digits === '' ? 'payer_account_unknown' : null;
    return { r, fault, posts: (id) => [`finance_repay payer_credit:${r.payer}>refund_payable:payout:${id}=${fen}`] };
  }
  if (!of) return { fault: 'line_unknown' };
  if (kind === 'match' && !due) return { fault: 'order_unknown' };
  if (!usable) return { fault: 'line_taken' };
  if (kind === 'suspend') return { fault: null, posts: () => [`finance_suspend ${receipts}>statement_suspense:${of.account}=${fen}`] };
  if (kind === 'return') return { fault: of.digits === '' ? 'payer_account_unknown' : null, posts: (id) => [`finance_return ${receipts}>refund_payable:payout:${id}=${fen}`] };
  const full = payable(r) && r.funded + fen >= r.amount;
  return {
    r, fault: null,
    posts: (id, news) => [`match ${receipts}>payer_credit:${r.payer}=${fen}`, ...(full ? [creditUsed(r)] : []), ...news.postings.split('; ').filter((each) => each.startsWith('reverse payout_clearing:'))],
  };
}

export async function finance_ask(books, pick) {
  const kind = pick.of(['match', 'match', 'match', 'unmatch', 'suspend', 'release', 'return', 'repay']);
  const lines = await books.rows(`${LINES} order by l.id`);
  const matches = await books.rows(`${MATCHES} order by m.id`);
  const [earlier] = pick.chance(12) ? (await books.rows(`select q.request_key as key, q.kind, q.line_id as line, q.order_no as "order", q.match_id as match, q.fen, q.state, s.name as by
      from xuqi.finance_request as q join xuqi.staff as s on s.id = q.asked_by order by q.id desc limit 1`)) : [];
  const caller = books.finance(pick);
  const suspended = kind === 'release' ? await books.rows(`select line_id as line, fen from xuqi.finance_request where kind = 'suspend' and state = 'done' and released_by is null order by id`) : [];
  const held = pick.mostly(80, suspended, []);
  const open = lines.filter((l) => l.direction === 'credit' && l.kind === 'ordinary' && l.reversed === 'f' && Number(l.taken) < Number(l.fen));
  const line = held ? lines.find((l) => l.id === held.line) : pick.mostly(85, open, lines);
  const match = pick.mostly(85, matches.filter((m) => m.undone === 'f'), matches);
  const orders = await books.rows(`select o.order_no as no, o.amount_fen - o.funded_fen as owed, o.state = 'unpaid' as open from xuqi."order" as o order by 1`);
  const order = pick.mostly(85, orders.filter((o) => o.open === 't'), orders);
  const byMatch = ['unmatch', 'repay'].includes(kind);
  let asked = {
    kind, line: byMatch ? null : pick.chance(4) ? 999999 : line?.id, order: kind === 'match' ? (pick.chance(4) ? '20260101000000010000000000' : order?.no) : null,
    match: byMatch ? (pick.chance(4) ? 999999 : match?.id) : null,
    fen: held ? Number(held.fen) : kind === 'match' && order && line ? Math.max(1, Math.min(Number(order.owed), Number(line.fen) - Number(line.taken)) + (pick.chance(10) ? 1 : 0))
      : kind === 'release' && pick.chance(30) ? 0 : 1 + pick.below(pick.chance(50) ? 100 : 20000),
  };
  if ((byMatch ? asked.match : asked.line) === undefined || asked.order === undefined) return null;
  if (earlier) asked = { kind: earlier.kind, line: earlier.line, order: earlier.order, match: earlier.match, fen: Number(earlier.fen) + (pick.chance(25) && !['unmatch', 'release'].includes(earlier.kind) ? 1 : 0) };
  const key = earlier?.key ?? books.fresh('request').replace(' ', '-');
  const two = pick.chance(40) ? '{sz-consumables}' : '{}';
  let { fen } = asked;
  if (asked.kind === 'unmatch') fen = Number((await books.rows('select fen from xuqi.transfer_match where id = $1', [asked.match]))[0]?.fen ?? 0);
  if (asked.kind === 'release' && fen === 0) fen = Number((await books.rows(SUSPENDED, [asked.line]))[0]?.fen ?? 0);
  const found = caller.fault || earlier ? { fault: null } : await verdict(books, asked.kind, { ...asked, fen });
  const needsTwo = ['return', 'repay'].includes(asked.kind) || (['match', 'unmatch'].includes(asked.kind) && two !== '{}');
  const expect = caller.fault ?? (earlier ? (earlier.by !== caller.name || (asked.fen !== Number(earlier.fen) && !['unmatch', 'release'].includes(asked.kind)) ? 'request_conflict' : earlier.state)
    : found.fault ?? (needsTwo ? 'asked' : 'done'));
  return call({
    procedure: 'finance_ask', expect, renewal: found.r,
    values: [caller.token, key, asked.kind, asked.line ?? 0, asked.order ?? '', asked.match ?? 0, ['unmatch'].includes(asked.kind) ? 0 : asked.fen, '电话核实', two],
    posts: (got, row, news) => (got === 'done' && !earlier ? found.posts(row.request_id, news) : []),
  });
}

// The second person: does it, refuses it, or is the first.
export async function finance_decide(books, pick) {
  const requests = await books.rows(`select q.id, q.kind, q.line_id as line, q.order_no as "order", q.match_id as match, q.fen, q.state, s.name as by, d.name as decided
      from xuqi.finance_request as q join xuqi.staff as s on s.id = q.asked_by left join xuqi.staff as d on d.id = q.decided_by order by q.id`);
  const it = pick.mostly(85, requests.filter((q) => q.state === 'asked'), requests);
  const unknown = !it || pick.chance(3);
  const caller = books.finance(pick, it?.by);
  const approve = pick.chance(75);
  const wanted = approve ? 'done' : 'refused';
  const found = unknown || caller.fault ? {} : await verdict(books, it.kind, { ...it, fen: Number(it.fen) });
  const expect = caller.fault ?? (unknown ? 'request_unknown' : it.state === wanted && it.decided === caller.name ? wanted : it.state !== 'asked' ? 'request_decided'
    : approve && it.by === caller.name ? 'decider_same' : (approve && found.fault) || wanted);
  const doing = !unknown && expect === 'done' && it.state === 'asked';
  return call({
    procedure: 'finance_decide', values: [caller.token, unknown ? 999999 : it.id, approve], expect, renewal: found.r,
    posts: (got, row, news) => (doing ? found.posts(it.id, news) : []),
  });
}
