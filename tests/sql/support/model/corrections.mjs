// SPDX-License-Identifier: Apache-2.0
// Corrections of the books by two people, and months that are closed for good.
import { call } from './call.mjs';

// A posting that no business record stands on: what an operator's correction is, and the only kind that is reversed alone.
export async function adjust(books, pick) {
  const clearing = `adjusted ${1 + pick.below(4)}`;
  const fen = 1 + pick.below(50);
  const [held] = await books.rows(`select coalesce(sum(model.held(id)), 0) as fen from xuqi.account where kind = 'payout_clearing' and owner_key = $1`, [clearing]);
  const back = Number(held.fen) >= fen && pick.chance(50);
  const accounts = ['verify_expense', `payout_clearing`];
  const key = books.fresh('adjust');
  return call({
    procedure: 'an adjustment', expect: 'posted', outcome: () => 'posted',
    sql: `select xuqi.ledger_post('adjust', $1, sha256(convert_to($1, 'UTF8')), now(), 'op', array[xuqi.account_open($2::text::xuqi.account_kind, $3)], array[xuqi.account_open($4::text::xuqi.account_kind, $5)], array[$6::bigint])`,
    values: [key, back ? accounts[1] : 'writeoff', back ? clearing : '', back ? 'writeoff' : accounts[1], back ? '' : clearing, fen],
    posts: () => [`adjust ${back ? `payout_clearing:${clearing}>writeoff:` : `writeoff:>payout_clearing:${clearing}`}=${fen}`],
  });
}

// A posting's legs turned round, and whether who would give has it.
export const turned = async (books, id) => (await books.rows(`select string_agg(format('%s:%s>%s:%s=%s', c.kind, c.owner_key, d.kind, d.owner_key, t.amount), ' ' order by t.leg) as legs,
    bool_or(c.guarded and model.held(c.id) < t.amount and c.normal_side = 'credit') as spent
  from xuqi.transfer as t join xuqi.account as d on d.id = t.debit_id join xuqi.account as c on c.id = t.credit_id where t.posting_id = $1`, [id]))[0];

export async function reversal_ask(books, pick) {
  const postings = await books.rows(`select p.id, p.event_type as type, p.event_key as key, exists (select from xuqi.posting as q where q.reverses = p.id) as reversed from xuqi.posting as p order by p.id`);
  const it = pick.mostly(60, postings.filter((p) => p.type === 'adjust'), postings);
  if (!it) return null;
  const caller = books.finance(pick);
  const unknown = pick.chance(4);
  // Everything but an adjustment belongs to a record: an order, a line, a match, a refund, a payout, a bill, a month.
  const expect = caller.fault ?? (unknown ? 'posting_unknown' : it.reversed === 't' ? 'posting_reversed' : it.type !== 'adjust' ? 'posting_held' : 'asked');
  return call({ procedure: 'reversal_ask', values: [caller.token, it.type, unknown ? 'none' : it.key, '录入错误'], expect });
}

export async function reversal_decide(books, pick) {
  const all = await books.rows(`select r.id, r.posting_id as posting, r.state, a.name as asked_by, d.name as decided_by, exists (select from xuqi.posting as q where q.reverses = r.posting_id) as reversed
      from xuqi.reversal as r join xuqi.staff as a on a.id = r.asked_by left join xuqi.staff as d on d.id = r.decided_by order by r.id`);
  const it = pick.mostly(80, all.filter((r) => r.state === 'asked'), all);
  if (!it) return null;
  const caller = books.finance(pick, it.asked_by);
  const unknown = pick.chance(4);
  const approve = pick.chance(75);
  const wanted = approve ? 'approved' : 'refused';
  const { legs, spent } = await turned(books, it.posting);
  const expect = caller.fault ?? (unknown ? 'reversal_unknown' : it.state === wanted && it.decided_by === caller.name ? wanted : it.state !== 'asked' ? 'reversal_decided'
    : !approve ? 'refused' : it.asked_by === caller.name ? 'reversal_same' : it.reversed === 't' ? 'posting_reversed' : spent === 't' ? 'overdrawn' : 'approved');
  return call({
    procedure: 'reversal_decide', values: [caller.token, unknown ? 999999 : it.id, approve], expect,
    posts: () => (expect === 'approved' && it.state === 'asked' ? [`reverse ${legs}`] : []),
  });
}

const next = (month) => { const [y, m] = month.split('-').map(Number); return m === 12 ? `${y + 1}-01-01` : `${y}-${String(m + 1).padStart(2, '0')}-01`; };

export async function ledger_close(books, pick) {
  const [held] = await books.rows(`select (select max(month)::text from xuqi.period) as last, (select date_trunc('month', xuqi.beijing(min(event_at)))::date::text from xuqi.posting) as first,
      (select array_to_string(array_agg(month::text), ' ') from xuqi.period) as closed`);
  const due = held.last ? next(held.last) : held.first;
  const now = `${books.today.slice(0, 7)}-01`;
  const month = pick.chance(70) && due ? due : pick.of([now, next(now), held.last ?? now, '2026-01-01']);
  const expect = held.closed?.split(' ').includes(month) ? 'known' : !due ? 'period_empty' : month !== due ? 'period_order' : month >= now ? 'period_running' : ['closed', 'ledger_unexplained'];
  return call({
    procedure: 'ledger_close', values: [month, 'op'], expect,
    async wrong(row, _, got) {
      if (got !== 'ledger_unexplained') return null;
      const [open] = await books.rows(`select (select count(*) from xuqi.payment_attempt where state = 'unknown') + (select count(*) from xuqi.payout where state = 'sent')
          + (select count(*) from xuqi.match_difference where state in ('waiting', 'open')) + (select count(*) from xuqi.bill_day where state = 'missing')
          + (select count(*) from xuqi.statement_change where state = 'open') + (select count(*) from xuqi.refund where state = 'unknown') as things`);
      return Number(open.things) > 0 ? null : `nothing is unexplained: ${row.detail}`;
    },
  });
}
