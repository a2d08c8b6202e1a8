// SPDX-License-Identifier: Apache-2.0
// Money back to payers: what goes by itself (surplus, rejection), what one of finance asks for and another approves, what
// the gateway makes of it, and what finance pays by transfer. The gateway's truth is kept here (books.given): a refund is
// done, failed or absent there, whatever it answers.
import { call } from './call.mjs';
import { FINANCE, OURS } from './books.mjs';
import { hex } from './reference.mjs';
import { took } from './payouts.mjs';
import { net } from './subjects.mjs';

const LIMIT = 30000; // fen that go back by themselves
const REFUNDS = `select f.refund_no as no, f.renewal_no as renewal, f.order_no, f.cause, f.state, f.amount_fen as fen, f.gateway, f.payment_id as payment, f.retry_of, f.request_key as key, f.reason,
  f.gateway_refund_no as there, f.decision, f.refused_there, a.name as asked_by, b.name as approved_by, e.name as ended_by
  from xuqi.refund as f left join xuqi.staff as a on a.id = f.asked_by left join xuqi.staff as b on b.id = f.approved_by left join xuqi.staff as e on e.id = f.ended_by`;
const UNKNOWN = '20260101000000010000000000R001';

async function chosen(books, pick, ...states) {
  const all = await books.rows(`${REFUNDS} order by f.refund_no`);
  const it = pick.mostly(88, all.filter((f) => states.includes(f.state)), all);
  return it && { ...it, fen: Number(it.fen), subject: await books.subject(it.renewal) };
}

// What failed is the payer's to use; what is owed to him is kept.
const spent = (it) => ['cancellation', 'staff'].includes(it.cause) && it.subject.credit - it.subject.aside - it.subject.owed < it.fen;

export async function order_invoice(books, pick) {
  const r = await books.renewal(pick, `o.state = 'paid'`);
  if (!r) return null;
  const caller = books.finance(pick);
  const state = r.invoice_state === 'issued' ? pick.of(['reversed', 'issued']) : pick.of(['issued', 'issued', 'reversed']);
  const number = pick.chance(30) && r.invoice_number ? r.invoice_number : books.fresh('invoice');
  const corrects = pick.chance(25) ? (pick.chance(75) && r.invoice_number) || books.fresh('invoice') : '';
  const earlier = await books.rows('select state, number, corrects from xuqi.invoice_record where order_no = $1', [r.order_no ?? '']);
  const same = r.invoice_state === state && r.invoice_number === number;
  const late = earlier.some((it) => it.state === state && [it.number, it.corrects].includes(number));
  const expect = caller.fault ?? (r.unknown ? 'order_unknown' : same ? 'noted'
    : corrects ? (r.invoice_state === state && r.invoice_number === corrects ? 'noted' : 'invoice_changed')
      : r.order_state !== 'paid' || (state === 'reversed' && r.invoice_state === 'none') ? 'renewal_state'
        : r.invoice_state === state || late ? 'invoice_recorded' : 'noted');
  return call({
    procedure: 'order_invoice', values: [caller.token, r.order_no ?? '20260101000000010000000000', state, number, corrects, corrects && '号码录入有误'], expect, renewal: r,
    wrong: (row) => (expect === 'noted' && (row.state !== state || row.number !== number) ? `answers ${row.state} ${row.number}` : null),
  });
}

// The payment of an order's price: a gateway's, or null for a transfer.
const paymentOf = async (books, r) => (await books.rows(`select p.id from xuqi.posting as p where p.event_type = 'gateway' and p.event_key = $1 || ':' || $2`,
  [r.paid_gateway ?? '', r.paid_gateway_txn ?? '']))[0]?.id ?? null;

// Why so much of an order's price may not go back: what failed is tried again, not asked for anew.
async function refusal(books, r, fen, except = null) {
  const issued = ['issued', 'completed'].includes(r.status);
  const payment = await paymentOf(books, r);
  const going = r.refunds.filter((f) => String(f.payment ?? '') === String(payment ?? '') && f.no !== except && f.state !== 'refused' && !f.retry).reduce((sum, f) => sum + f.amount, 0);
  return r.order_state !== 'paid' ? 'renewal_state' : r.invoice_state === 'issued' ? 'invoice_issued'
    : (issued && !r.revoked) || r.issuance === 'intended' ? 'certificate_issued' : fen > r.amount - going ? 'refund_exceeds'
      : !issued && (fen !== r.amount || ['rejected', 'cancelled'].includes(r.status)) ? 'refund_not_whole' : null;
}

export async function refund_ask(books, pick) {
  const r = await books.renewal(pick, pick.chance(50) ? `r.status in ('awaiting_review', 'awaiting_account', 'awaiting_install')`
    : `exists (select from xuqi.certificate as c where c.renewal_no = r.renewal_no and c.revoked_at is not null)`);
  if (!r) return null;
  const caller = books.finance(pick);
  const [earlier] = pick.chance(12) ? await books.rows(`${REFUNDS} where f.request_key is not null order by f.refund_no limit 1`) : [];
  const about = earlier ? await books.subject(earlier.renewal) : r;
  const fen = earlier ? Number(earlier.fen) + (pick.chance(30) ? 1 : 0) : about.revoked ? 1 + pick.below(about.amount) : pick.chance(92) ? about.amount ?? 1 : 1;
  const key = earlier?.key ?? books.fresh('refund').replace(' ', '-');
  // A key is its asker's: another's of the same name is another request.
  const known = earlier && (await books.rows(`${REFUNDS} where f.request_key = $1`, [key])).find((it) => it.asked_by === caller.name);
  const expect = caller.fault ?? (about.unknown ? 'order_unknown' : known ? (known.renewal === earlier.renewal && Number(known.fen) === fen ? 'asked' : 'refund_differs') : (await refusal(books, about, fen)) ?? 'asked');
  return call({
    procedure: 'refund_ask', values: [caller.token, about.order_no ?? '20260101000000010000000000', fen, '客户申请', key], expect, renewal: about,
    wrong: (row) => (known && expect === 'asked' && row.refund_no !== known.no ? `answers ${row.refund_no}` : null),
  });
}

// What is approved leaves the payer's credit; what was not his yet becomes it first.
async function reserved(books, it) {
  const { subject: r, fen } = it;
  const away = `refund payer_credit:${r.payer}>refund_payable:${it.no}=${fen}`;
  if (!['cancellation', 'staff'].includes(it.cause) || it.retry_of) return [away];
  if (!['issued', 'completed'].includes(r.status)) return [`cancel deferred_revenue:>payer_credit:${r.payer}=${r.amount}`, away];
  const [gone] = await books.rows(`select coalesce(sum(t.amount), 0) as fen from xuqi.posting as p join xuqi.transfer as t on t.posting_id = p.id
      where p.event_type = 'return' and p.event_key like $1`, [`${it.order_no}R%`]);
  const before = Number(gone.fen);
  const part = net(before + fen, r.rate) - net(before, r.rate);
  const legs = [[`revenue:>payer_credit:${r.payer}`, part], [`output_tax:>payer_credit:${r.payer}`, fen - part]].filter(([, amount]) => amount > 0);
  return [`return ${legs.map(([leg, amount]) => `${leg}=${amount}`).join(' ')}`, away];
}

export async function refund_approve(books, pick) {
  const it = await chosen(books, pick, 'asked');
  if (!it) return null;
  const caller = books.finance(pick, it.asked_by);
  const unknown = pick.chance(3);
  const decided = ['cancellation', 'staff'].includes(it.cause) && !it.retry_of ? await refusal(books, it.subject, it.fen, it.no)
    : it.subject.invoice_state === 'issued' && it.cause !== 'surplus' ? 'invoice_issued'
      : ['cancellation', 'staff'].includes(it.cause) && spent(it) ? 'refund_spent' : null;
  const expect = caller.fault ?? (unknown ? 'refund_unknown' : it.approved_by === caller.name ? 'approved' : it.state !== 'asked' ? 'refund_state'
    : it.asked_by === caller.name ? 'refund_own' : decided ?? 'approved');
  const doing = expect === 'approved' && it.state === 'asked';
  const posts = doing ? await reserved(books, it) : [];
  return call({ procedure: 'refund_approve', values: [caller.token, unknown ? UNKNOWN : it.no], expect, renewal: it.subject, posts: () => posts });
}

export async function refund_refuse(books, pick) {
  const it = await chosen(books, pick, 'asked', 'refused');
  if (!it) return null;
  const caller = FINANCE.includes(it.ended_by) && pick.chance(50) ? { name: it.ended_by, token: tokenOf(it.ended_by), fault: null } : books.finance(pick);
  const unknown = pick.chance(4);
  const reason = pick.of(['不符合条件', '客户撤回']);
  const expect = caller.fault ?? (unknown ? 'refund_unknown' : it.state === 'refused' && it.ended_by === caller.name && it.decision === reason ? 'refused'
    : it.state !== 'asked' ? 'refund_state' : ['surplus', 'rejection'].includes(it.cause) || (it.retry_of && !spent(it)) ? 'refund_owed' : 'refused');
  return call({ procedure: 'refund_refuse', values: [caller.token, unknown ? UNKNOWN : it.no, reason], expect, renewal: it.subject });
}

// jobs takes it up: the state sent is committed before the gateway hears of it, once.
export async function refund_begin(books, pick) {
  const it = await chosen(books, pick, 'asked', 'approved', 'sent');
  if (!it) return null;
  const unknown = pick.chance(3);
  const itself = it.state === 'asked' && ['surplus', 'rejection'].includes(it.cause) && it.fen <= LIMIT && (it.cause === 'surplus' || it.subject.invoice_state !== 'issued');
  const state = itself ? 'approved' : it.state;
  const expect = unknown ? 'refund_unknown' : state === 'asked' ? 'waiting' : state === 'awaiting_payout' || (state === 'approved' && !it.payment) ? 'payout'
    : state === 'approved' ? 'send' : ['sent', 'unknown'].includes(state) ? 'ask' : 'ended';
  const posts = itself && !unknown ? await reserved(books, it) : [];
  return call({
    procedure: 'refund_begin', values: [unknown ? UNKNOWN : it.no, LIMIT], expect, renewal: it.subject, posts: () => posts,
    // Sent, and what becomes of it there: done, failed, or it never arrives.
    learns() { if (expect === 'send') arrives(books, it, pick.of(['done', 'done', 'done', 'failed', 'absent'])); },
  });
}

function arrives(books, it, fate) {
  if (books.given.get(it.no) === 'done') return; // the same number again is the same refund
  books.given.set(it.no, fate);
  if (fate === 'done') books.paidBack.set(it.payment, (books.paidBack.get(it.payment) ?? 0) + it.fen);
}

export async function refund_tell(books, pick) {
  const it = await chosen(books, pick, 'sent', 'unknown', 'done', 'failed');
  if (!it) return null;
  const gateway = pick.chance(10) ? 'unionpay' : it.gateway ?? 'alipay';
  const succeeded = books.given.get(it.no) === 'done' ? !pick.chance(5) : pick.chance(5);
  const expect = it.gateway !== gateway ? 'unasked' : ['sent', 'unknown'].includes(it.state) ? 'asked' : (it.state === 'done') === succeeded ? 'replayed' : 'mismatch';
  return call({
    procedure: 'refund_tell', sql: `select * from xuqi.refund_tell($1, $2, $3, convert_to($4, 'UTF8'), 'key')`,
    values: [gateway, it.no, succeeded, books.fresh(`tells ${it.no}`)], expect, renewal: it.subject,
  });
}

// The gateway's answer to the call or to a question: what became of it, that it is under way, or nothing.
export async function refund_end(books, pick) {
  const due = await books.rows(`select event as no from xuqi.outbox where topic = 'refund' and state <> 'dead' order by event`);
  const task = pick.mostly(100, due, []);
  if (!task) return null;
  const all = await books.rows(`${REFUNDS} where f.refund_no = $1`, [task.no]);
  const it = { ...all[0], fen: Number(all[0].fen), subject: await books.subject(all[0].renewal) };
  const lease = await books.lease(pick, 'refund', it.no);
  const fate = books.given.get(it.no);
  const sent = ['sent', 'unknown'].includes(it.state);
  const word = !sent ? pick.of(['waiting', 'payout', 'ended']) : pick.chance(25) ? 'no_answer' : pick.chance(5) ? 'mismatch'
    : fate === 'done' ? (pick.chance(85) ? 'done' : 'pending') : fate === 'failed' ? 'failed' : pick.of(['not_found', 'refused']);
  const more = pick.chance(75);
  const expect = lease.stale ? 'stale' : !sent ? 'ended' : word === 'done' ? 'done' : word === 'failed' || (word === 'not_found' && it.refused_there === 't') ? 'failed'
    : word === 'mismatch' || !more ? 'person' : 'later';
  return call({
    procedure: 'refund_end', sql: `select * from xuqi.refund_end($1, $2, $3, $4, 'said', $5, case when $6::boolean then now() end)`,
    values: [lease.id, lease.token, it.no, word, `there ${it.no}`, more], expect, renewal: it.subject,
    posts: () => (expect === 'done' ? [`refund_done refund_payable:${it.no}>gateway_clearing:${it.gateway}=${it.fen}`]
      : expect === 'failed' ? [`refund_failed refund_payable:${it.no}>payer_credit:${it.subject.payer}=${it.fen}`] : []),
    learns() {
      if (expect === 'done') books.clears(it.gateway, -it.fen);
      if (expect === 'failed' && fate === 'absent') books.given.set(it.no, 'failed');
      // It was not there: jobs sends it again under the same number.
      if (expect === 'later' && word === 'not_found') arrives(books, it, pick.of(['done', 'failed']));
    },
  });
}

// The payout of a refund of a bank transfer that may still pay it, and whether only a person would.
const PAYING = `select p.client_id as id, p.state, p.amount_fen as fen, q.refund_no as refund, exists (select from xuqi.outbox as o where o.topic = 'payout' and o.event = p.client_id and o.state <> 'dead') as live,
  exists (select from xuqi.posting where event_type = 'payout' and event_key = p.client_id) as booked
  from xuqi.payout as p join xuqi.payout_request as q on q.id = p.request_id where q.refund_no = $1 and q.state <> 'failed'`;

// Can it be told where it goes back to? By what paid the order, or else by what made its payer's credit.
async function addressed(books, it) {
  const paid = (await books.rows(`select m.order_no, m.fen, l.payer_account_digits as account, l.reversed_by is not null as reversed from xuqi.transfer_match as m join xuqi.statement_line as l on l.id = m.line_id
      join xuqi."order" as o on o.payer_credit_id = m.payer_credit_id where o.order_no = $1 and m.undone_at is null`, [it.order_no]));
  const own = paid.filter((m) => m.order_no === it.order_no);
  const used = own.length > 0 ? own : paid;
  return used.length > 0 && used[0].account !== '' && used.every((m) => m.account === used[0].account && m.reversed === 'f') && used.reduce((sum, m) => sum + Number(m.fen), 0) >= it.fen;
}

export async function refund_retry(books, pick) {
  const it = await chosen(books, pick, 'failed', 'awaiting_payout');
  if (!it) return null;
  const caller = books.finance(pick);
  const unknown = pick.chance(5);
  const [again] = await books.rows(`${REFUNDS} where f.retry_of = $1 and f.state <> 'refused'`, [it.no]);
  const [paying] = await books.rows(PAYING, [it.no]);
  const expect = caller.fault ?? (unknown ? 'refund_unknown' : it.state === 'awaiting_payout' ? (paying || await addressed(books, it) ? 'asked' : 'payer_account_unknown') : it.state !== 'failed' ? 'refund_state' : !again && spent(it) ? 'refund_spent' : 'asked');
  return call({
    procedure: 'refund_retry', values: [caller.token, unknown ? UNKNOWN : it.no], expect, renewal: it.subject,
    wrong: (row) => (expect === 'asked' && again && row.refund_no !== again.no ? `answers ${row.refund_no} instead of ${again.no}`
      : expect === 'asked' && it.state === 'awaiting_payout' && row.refund_no !== it.no ? `answers ${row.refund_no} for what is still due` : null),
  });
}

const tokenOf = (name) => hex(`token ${name}`);

export async function refund_pay_out(books, pick) {
  // Of bank transfers, of which there are few; now and then any.
  const byBanks = pick.chance(80) ? await books.rows(`${REFUNDS} where f.payment_id is null and f.state in ('awaiting_payout', 'done') order by f.refund_no`) : [];
  const byBank = byBanks.length > 0 && pick.of(byBanks);
  const it = byBank ? { ...byBank, fen: Number(byBank.fen), subject: await books.subject(byBank.renewal) } : await chosen(books, pick, 'awaiting_payout', 'done');
  if (!it) return null;
  const caller = books.finance(pick);
  const unknown = pick.chance(4);
  const reference = pick.chance(85) ? `bank ${it.no}` : books.fresh('other');
  const from = pick.chance(90) ? OURS[0] : 'NOTOURS000000001';
  const [held] = await books.rows(PAYING, [it.no]);
  const expect = caller.fault ?? (unknown ? 'refund_unknown' : it.state === 'done' && !it.payment ? (it.there === reference ? 'done' : 'refund_differs')
    : it.state !== 'awaiting_payout' ? 'refund_state' : held && (held.state !== 'queued' || held.live === 't') ? 'refund_paying' : from !== OURS[0] ? 'collecting_account_unknown' : 'done');
  const doing = expect === 'done' && it.state === 'awaiting_payout';
  return call({
    procedure: 'refund_pay_out', values: [caller.token, unknown ? UNKNOWN : it.no, from, reference], expect, renewal: it.subject,
    posts: () => (doing ? [...(held?.booked === 't' ? [took(held)] : []), `refund_done refund_payable:${it.no}>bank:${OURS[0]}=${it.fen}`] : []),
  });
}
