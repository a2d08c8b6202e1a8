// SPDX-License-Identifier: Apache-2.0
// Payments at the gateways, as the gateways have them: attempts, notices, questions, what nobody can explain, and what
// arrives at our bank of it.
import { call, edit } from './call.mjs';
import { OURS } from './books.mjs';

const GATEWAYS = ['alipay', 'wechat'];
const open = (r) => r.order_state === 'unpaid' && r.status === 'awaiting_payment';

export async function payment_open(books, pick) {
  const r = await books.renewal(pick, `r.status = 'awaiting_payment'`);
  if (!r) return null;
  const gateway = pick.of(GATEWAYS);
  const lifetime = pick.chance(25) ? 0 : 1800;
  const living = r.attempts.filter((a) => a.gateway === gateway && ['open', 'unknown'].includes(a.state));
  const young = lifetime > 0 ? living.filter((a) => a.young).at(-1) : null;
  const expect = r.unknown ? 'renewal_unknown' : r.order_state === 'paid' ? 'already_paid' : !open(r) ? 'renewal_state' : young ? 'opened'
    : living.some((a) => a.state === 'unknown') ? 'payment_pending' : 'opened';
  return call({
    procedure: 'payment_open', sql: 'select * from xuqi.payment_open($1, $2, $3, null, 5400, $4)', values: [r.no, gateway, lifetime, pick.chance(85) ? 60 : null], expect, renewal: r,
    wrong: (row) => (expect === 'opened' && (Number(row.amount_fen) !== r.amount || (young && row.attempt_no !== young.no)) ? `attempt ${row.attempt_no}` : null),
  });
}

const attempts = (books) => books.rows(`select a.attempt_no as no, a.gateway, a.state, a.amount_fen as fen, o.renewal_no as renewal, a.queried, a.close_at is not null as closing,
    date_trunc('second', a.created_at) as opened from xuqi.payment_attempt as a join xuqi."order" as o using (order_no) order by a.attempt_no`);

// What booking a gateway's word about an attempt makes: the order is paid, or it is surplus.
export function booked(facts, name, fen) {
  const into = `gateway gateway_clearing:${name}>payer_credit:${facts.payer}=${fen}`;
  return open(facts) ? [`${into} payer_credit:${facts.payer}>receivable:${facts.order_no}=${fen}`] : [into];
}

// A payment that the gateway has: new, or told once more; its word is never another than before.
export async function payment_settle(books, pick) {
  const all = await attempts(books);
  const repeated = books.captured.size > 0 && pick.chance(20) ? pick.of([...books.captured.values()]) : null;
  const attempt = repeated ? all.find((a) => a.no === repeated.attempt) : pick.mostly(75, all.filter((a) => a.state === 'open'), all);
  if (!attempt) return null;
  const r = await books.subject(attempt.renewal);
  const wrong = !repeated && pick.chance(4) ? 1 : 0;
  const txn = repeated?.txn ?? books.fresh('txn').replace(' ', '');
  const fen = Number(attempt.fen) + wrong;
  const daysAgo = pick.below(3);
  const expect = wrong ? 'notice_mismatch' : repeated?.told ? 'replayed' : open(r) ? 'settled' : 'surplus';
  return call({
    procedure: 'payment_settle', sql: `select * from xuqi.payment_settle($1, $2, $3, $4, now() - make_interval(days => $5), 'b***r', convert_to($6, 'UTF8'), 'key 1')`,
    values: [attempt.gateway, attempt.no, txn, fen, daysAgo, `notice ${txn} ${fen} ${pick.below(2)}`], expect, renewal: r,
    posts: () => (['settled', 'surplus'].includes(expect) ? booked(r, attempt.gateway, fen) : []),
    learns() {
      if (!['settled', 'surplus'].includes(expect)) return;
      books.captured.set(txn, { gateway: attempt.gateway, txn, attempt: attempt.no, fen, before: daysAgo, told: true });
      books.clears(attempt.gateway, fen);
    },
  });
}

// A notice that is not believed without asking (UnionPay's): kept, and the gateway is asked.
export async function notice_ask(books, pick) {
  const attempt = pick.mostly(100, await attempts(books), []);
  if (!attempt) return null;
  const known = [...books.captured.values()].find((it) => it.attempt === attempt.no && it.told);
  const kind = pick.below(8);
  const txn = known && pick.chance(60) ? known.txn : books.fresh('asked').replace(' ', '');
  const expect = kind < 3 ? 'notice_mismatch' : known?.txn === txn ? 'replayed' : 'asked';
  return call({
    procedure: 'notice_ask', sql: `select * from xuqi.notice_ask($1, $2, $3, $4, $5::timestamptz - make_interval(secs => $6), 'b***r', convert_to($7, 'UTF8'), 'key')`,
    values: [attempt.gateway, kind === 0 ? '0'.repeat(28) : attempt.no, txn, Number(attempt.fen) + (kind === 1 ? 1 : 0), attempt.opened, kind === 2 ? 1 : 0, `asked ${txn} ${kind}`],
    expect, renewal: { no: attempt.renewal },
  });
}

export async function payment_refresh(books, pick) {
  const attempt = pick.mostly(100, await attempts(books), []);
  if (!attempt) return null;
  const other = pick.chance(10);
  const expect = other ? 'payment_unknown' : 'found';
  return call({
    procedure: 'payment_refresh', values: [other ? '01000000000000000' : pick.chance(30) ? null : attempt.renewal, attempt.no], expect, renewal: { no: attempt.renewal },
    wrong: (row) => (expect === 'found' && row.state !== attempt.state ? `says ${row.state}` : null),
  });
}

// A question was asked: what the gateway says of it, when what is paid has been booked.
export async function payment_query_end(books, pick) {
  const due = await books.rows(`select event as no from xuqi.outbox where topic = 'payment_query' and state <> 'dead' order by event`);
  const all = await attempts(books);
  const paid = due.filter((each) => ['paid', 'surplus'].includes(all.find((a) => a.no === each.no).state));
  const task = due.length > 0 ? pick.mostly(40, paid, due) : null;
  if (!task) return null;
  const attempt = all.find((a) => a.no === task.no);
  const lease = await books.lease(pick, 'payment_query', task.no);
  const isBooked = ['paid', 'surplus'].includes(attempt.state);
  const word = isBooked && pick.chance(35) ? 'paid' : pick.of(['not_found', 'not_paid', 'closed', 'pending', 'no_answer']);
  const txn = word === 'paid' ? [...books.captured.values()].find((it) => it.attempt === task.no && it.told)?.txn ?? '' : '';
  const final = pick.chance(30);
  const more = pick.chance(70);
  const before = pick.chance(12) ? 1 : 0; // read before it was wanted once more
  const last = (final && ['not_found', 'not_paid', 'closed'].includes(word)) || (word === 'closed' && attempt.closing === 't');
  const [noted] = await books.rows(`select exists (select from xuqi.payment_notice where attempt_no = $1 and verdict = 'asked') as asked,
      (select wanted_at is not null from xuqi.payment_attempt where attempt_no = $1) as wanted,
      (select count(*) from xuqi.match_difference where attempt_no = $1 and kind = 'payment' and state = 'open' and asked_at is not null) as differences,
      exists (select from xuqi.refund where attempt_no = $1 and state = 'done') as refunded`, [task.no]);
  // What a bill's difference asked for: no answer yet, or it denies what is booked here or billed there.
  const verdict = Number(noted.differences) === 0 ? '' : before || ['pending', 'no_answer'].includes(word) ? 'again'
    : ['not_found', 'not_paid'].includes(word) || (word === 'closed' && noted.refunded === 'f') ? 'denied' : '';
  const expect = lease.stale ? 'stale' : isBooked ? { again: 'later', denied: 'denied', '': 'settled' }[verdict] : before && noted.wanted === 't' ? 'later'
    : last && noted.asked === 't' ? 'person' : last && verdict !== 'again' ? 'closed' : more || verdict === 'again' ? 'later' : 'person';
  return call({
    procedure: 'payment_query_end', sql: `select * from xuqi.payment_query_end($1, $2, $3, $4, 'said', case when $5 = 1 then '2020-01-01'::timestamptz else clock_timestamp() end,
      case when $6::boolean then now() + interval '1 minute' end, $7, $8)`,
    values: [lease.id, lease.token, task.no, word, before, more, final, txn], expect, renewal: { no: attempt.renewal },
    async wrong() {
      const [after] = await books.rows('select state from xuqi.payment_attempt where attempt_no = $1', [task.no]);
      const wanted = { stale: attempt.state, settled: attempt.state, denied: attempt.state, closed: 'closed', person: 'unknown' }[expect]
        ?? (isBooked ? attempt.state : word === 'pending' ? 'unknown' : word === 'no_answer' ? attempt.state : attempt.state === 'closed' ? 'closed' : 'open');
      return after.state === wanted ? null : `it is ${after.state} instead of ${wanted}`;
    },
  });
}

// What neither gateway nor bill explains: two of finance say the same, and it is booked.
export async function unknown_resolve(books, pick) {
  const lost = await books.rows(`select 'payment' as kind, a.attempt_no as number, o.renewal_no as renewal, a.gateway, a.amount_fen as fen, exists (select from xuqi.outbox where event = a.attempt_no and state = 'dead') as dead
      from xuqi.payment_attempt as a join xuqi."order" as o using (order_no) where a.state = 'unknown'
    union all select 'refund', f.refund_no, f.renewal_no, f.gateway, f.amount_fen, exists (select from xuqi.outbox where event = f.refund_no and state = 'dead') from xuqi.refund as f where f.state = 'unknown' order by 2`);
  const every = await books.rows(`select 'payment' as kind, a.attempt_no as number, o.renewal_no as renewal, a.gateway, a.amount_fen as fen, a.state from xuqi.payment_attempt as a join xuqi."order" as o using (order_no)
    union all select 'refund', refund_no, renewal_no, gateway, amount_fen, state from xuqi.refund order by 2`);
  const dead = lost.filter((row) => row.dead === 't');
  const it = pick.mostly(85, dead.length > 0 ? dead : lost, every);
  if (!it) return null;
  const r = await books.subject(it.renewal);
  const [said] = await books.rows(`select s.happened, s.gateway_txn as txn, a.name as by, d.name as decided from xuqi.resolution as s join xuqi.staff as a on a.id = s.said_by
      left join xuqi.staff as d on d.id = s.decided_by where s.kind = $1 and s.number = $2 order by s.id desc limit 1`, [it.kind, it.number]);
  const caller = books.finance(pick, said?.by);
  // What really happened: a payment that was captured is never denied, a refund is what the gateway made of it.
  const happened = it.kind === 'refund' ? books.given.get(it.number) === 'done' : said && pick.chance(85) ? said.happened === 't' : pick.chance(50);
  const known = pick.chance(30) ? pick.mostly(100, [...books.captured.values()].filter((each) => each.told && each.gateway === it.gateway), []) : null;
  const txn = !happened ? '' : said && said.txn && pick.chance(90) ? said.txn : known && it.kind === 'payment' ? known.txn : books.fresh('found').replace(' ', '');
  const unknown = pick.chance(4);
  const openCase = dead.some((row) => row.number === it.number && row.kind === it.kind);
  const same = said && (said.happened === 't') === happened && said.txn === txn;
  let expect = caller.fault ?? (unknown ? 'payment_unknown' : said?.decided && [said.by, said.decided].includes(caller.name) && same ? 'resolved'
    : !openCase ? 'not_unknown' : !said || said.decided || said.by === caller.name ? 'proposed' : !same ? 'resolution_differs' : 'resolved');
  const decides = expect === 'resolved' && !said.decided;
  const clash = [...books.captured.values()].some((each) => each.txn === txn && each.gateway === it.gateway && each.told);
  if (decides && it.kind === 'payment' && happened && clash) expect = 'notice_mismatch';
  const doing = decides && expect === 'resolved';
  return call({
    procedure: 'unknown_resolve', values: [caller.token, it.kind, unknown ? '0'.repeat(28) : it.number, happened, txn, '回单与电话核实'], expect, renewal: r,
    posts: () => {
      if (!doing) return [];
      if (it.kind === 'payment') return happened ? booked(r, it.gateway, Number(it.fen)) : [];
      return happened ? [`refund_done refund_payable:${it.number}>gateway_clearing:${it.gateway}=${it.fen}`]
        : [`refund_failed refund_payable:${it.number}>payer_credit:${r.payer}=${it.fen}`];
    },
    learns() {
      if (!doing) return;
      if (it.kind === 'payment' && happened) {
        books.captured.set(txn, { gateway: it.gateway, txn, attempt: it.number, fen: Number(it.fen), before: 0, told: true });
        books.clears(it.gateway, Number(it.fen));
      } else if (it.kind === 'refund' && happened) books.clears(it.gateway, -Number(it.fen));
    },
  });
}

const freeLines = (books, account, where, values = []) => books.rows(`select l.id, l.amount_fen as fen, l.booked_on::text as day from xuqi.statement_line as l
    join xuqi.collecting_account as c on c.id = l.collecting_account_id where c.account_no = $1 and l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null and ${where} order by l.id`,
  [account, ...values]);

// The gateway has paid out, or has taken back; once under a reference.
export async function settlement_book(books, pick) {
  const caller = books.finance(pick);
  const [again] = pick.chance(25) ? await books.rows('select rail, day::text, amount_fen as fen, reference, arrived_on::text as arrived, (select owner_key from xuqi.account as a join xuqi.transfer as t on a.id in (t.debit_id, t.credit_id) where t.posting_id = s.posting_id and a.kind in (\'bank\', \'unmatched_receipts\')) as account from xuqi.settlement as s order by id limit 1') : [];
  const rail = again?.rail ?? pick.of(GATEWAYS);
  const account = again?.account ?? pick.of([...OURS, 'SETTLED00000001']);
  const there = pick.chance(60) ? pick.mostly(100, await freeLines(books, account, 'l.taken_fen = 0'), []) : null;
  const changed = again && pick.chance(40) ? 1 : 0;
  const fen = Number(again?.fen ?? there?.fen ?? (pick.chance(15) ? -1 : 1) * (1 + pick.below(5000))) + changed;
  const reference = again?.reference ?? books.fresh('settlement');
  const day = again?.day ?? books.date(1 + pick.below(3));
  const arrived = again?.arrived ?? there?.day ?? books.date(pick.below(2));
  const [imported] = await books.rows('select count(*) as n from xuqi.statement_import as i join xuqi.collecting_account as c on c.id = i.collecting_account_id where c.account_no = $1', [account]);
  // Where statements are imported the money is a line of theirs already: that of the reference, or the only free one of this sum and day.
  const onLine = Number(imported.n) > 0 && fen > 0;
  const [ours] = await books.rows(`select from xuqi.account where kind = 'bank' and owner_key = $1`, [account]);
  const lines = onLine && !again ? await freeLines(books, account, `l.amount_fen = ${fen} and l.taken_fen = 0 and (strpos(l.bank_ref || l.remark, $2) > 0 or l.booked_on = $3::date)`, [reference, arrived]) : [];
  const expect = caller.fault ?? (changed ? 'settlement_differs' : !ours ? 'collecting_account_unknown' : onLine && !again && lines.length !== 1 ? 'settlement_line_unknown' : 'booked');
  const bank = onLine ? `unmatched_receipts:${account}` : `bank:${account}`;
  const doing = expect === 'booked' && !again;
  return call({
    procedure: 'settlement_book', values: [caller.token, rail, day, fen, reference, arrived, account], expect,
    posts: () => (doing ? [`settlement ${fen > 0 ? `${bank}>gateway_clearing:${rail}` : `gateway_clearing:${rail}>${bank}`}=${Math.abs(fen)}`] : []),
    learns() { if (doing) books.clears(rail, -fen); },
  });
}

// -- time --------------------------------------------------------------------------------------------------------------

export async function forms_age(books, pick) {
  const attempt = pick.mostly(100, (await attempts(books)).filter((a) => ['open', 'unknown'].includes(a.state)), []);
  return attempt ? edit('time: a form is dead', `update xuqi.payment_attempt set created_at = created_at - interval '2 days', expires_at = expires_at - interval '2 days' where attempt_no = $1`, [attempt.no], () => {}) : null;
}
