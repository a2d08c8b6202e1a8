// SPDX-License-Identifier: Apache-2.0
// Account verification by 0.01 yuan: sent once, asked about while nobody knows, returned, confirmed by its code.
import { hex } from './reference.mjs';
import { call, edit } from './call.mjs';
import { OURS } from './books.mjs';
import { turned } from './corrections.mjs';

const PAYOUTS = 2; // of one renewal
const PER_ACCOUNT = 3; // of one account, for life
const PER_HOUR = 1000;
const TRIES = 3;
const PAYOUT = `select p.client_id as id, p.renewal_no as renewal, p.number, p.state, p.failure, p.asked, p.return_evidence as evidence, p.payee_index is not null as addressed, r.status, v.mode, v.state as verification,
    v.payouts, p.sent_at < now() - interval '20 days' as old,
    exists (select from xuqi.posting where event_type = 'payout' and event_key = p.client_id) as booked,
    p.amount_fen as fen, p.from_account, p.request_id as request, q.request_id as finance, q.refund_no as refund, q.posting_id as posting, coalesce(p.renewal_no, f.renewal_no) as subject
  from xuqi.payout as p left join xuqi.renewal as r using (renewal_no) left join xuqi.account_verification as v using (renewal_no) left join xuqi.payout_request as q on q.id = p.request_id
  left join xuqi.refund as f on f.refund_no = q.refund_no`;
// A verification's 0.01 yuan is a cost; what goes back to its sender was due to him.
const cost = (it) => (it.refund ? `refund_payable:${it.refund}` : it.request ? `refund_payable:payout:${it.finance}` : 'verify_expense:');
const ours = (it) => it.from_account || OURS[0];
const paid = (it) => `payout_paid payout_clearing:${it.id}>bank:${ours(it)}=${it.fen}`;
export const took = (it) => `reverse payout_clearing:${it.id}>${cost(it)}=${it.fen}`;
// What a repayment was to pay back is where it was before finance asked; a refund is due under its own number still.
const back = async (books, it) => (it.finance ? [`reverse ${(await turned(books, it.posting)).legs}`] : []);

async function chosen(books, pick, ...states) {
  const all = await books.rows(`${PAYOUT} order by p.client_id`);
  return pick.mostly(88, all.filter((p) => states.includes(p.state)), all);
}

const accounts = (books, pick) => (pick.chance(60) ? books.fresh('account') : 'one for many');

export async function payout_send(books, pick) {
  const it = await chosen(books, pick, 'queued');
  if (!it) return null;
  const lease = await books.lease(pick, 'payout', it.id);
  const account = accounts(books, pick);
  const kind = pick.below(20);
  const perHour = kind === 0 ? 0 : PER_HOUR;
  const [counted] = await books.rows('select count(*) as paid from xuqi.payout where payee_index = $1 and sent_at is not null and client_id <> $2', [hex(account), it.id]);
  const [budget] = await books.rows('select coalesce((select used_fen from xuqi.payout_budget where day = xuqi.beijing(clock_timestamp())::date and purpose = \'verification\'), 0) as used');
  const limit = it.request ? 1e12 : kind === 1 ? Math.max(1, Number(budget.used)) : 1000;
  const exhausted = !it.request && it.booked === 'f' && Number(budget.used) + 1 > limit;
  const from = it.request && pick.chance(10) ? 'ANOTHER00000001' : ours(it);
  const expect = lease.stale || it.state !== 'queued' ? 'stale' : !it.request && it.status !== 'awaiting_account' ? 'not_needed' : it.request && from !== it.from_account ? 'stale'
    : !it.request && Number(counted.paid) >= PER_ACCOUNT ? 'account_limit' : perHour === 0 || exhausted ? 'later' : 'send';
  return call({
    procedure: 'payout_send', expect, renewal: it.subject && { no: it.subject },
    values: [lease.id, lease.token, it.id, 'citic', from, 'sealed payee', hex(account), '****1234', '102100000000', hex(`salt ${it.id}`), hex(`code ${it.id}`),
      pick.of(['code_entry', 'code_entry', 'payout_success']), PER_ACCOUNT, perHour, limit],
    posts: () => (expect === 'send' && it.booked === 'f' ? [`payout ${cost(it)}>payout_clearing:${it.id}=${it.fen}`]
      : ['not_needed', 'account_limit'].includes(expect) && it.booked === 't' ? [took(it)] : []),
  });
}

export async function payout_unsent(books, pick) {
  const it = await chosen(books, pick, 'sent');
  if (!it) return null;
  const lease = await books.lease(pick, 'payout', it.id);
  const expect = lease.stale || it.state !== 'sent' || Number(it.asked) > 0 ? 'stale' : 'later';
  return call({ procedure: 'payout_unsent', values: [lease.id, lease.token, it.id, 30], expect, renewal: it.subject && { no: it.subject } });
}

export async function payout_word(books, pick) {
  const it = await chosen(books, pick, 'sent');
  if (!it || it.state === 'queued') return null;
  const lease = await books.lease(pick, 'payout', it.id);
  const word = pick.of(['paid', 'paid', 'pending', 'failed', 'refused']);
  const last = pick.chance(40) ? 1 : 0;
  const expect = lease.stale ? 'stale' : ['paid', 'failed'].includes(word) ? word : last && it.old === 't' ? 'person' : 'later';
  const returned = expect === 'failed' ? await back(books, it) : [];
  return call({
    procedure: 'payout_word', expect, renewal: it.subject && { no: it.subject },
    values: [lease.id, lease.token, it.id, word, ['failed', 'refused'].includes(word) ? pick.of(['account_invalid', 'name_mismatch']) : '', 'bank says', 1, 30, last, 2, 10, pick.of([0, 2])],
    posts: () => (expect === 'paid' ? [paid(it)] : expect === 'failed' ? [took(it), ...returned] : []),
  });
}

// A person has looked: paid, failed, or it came back.
export async function payout_decide(books, pick) {
  const it = await chosen(books, pick, 'sent', 'paid', 'returned');
  if (!it) return null;
  const unknown = pick.chance(5);
  const state = pick.of(['paid', 'failed', 'returned', 'returned']);
  const evidence = it.evidence && pick.chance(60) ? it.evidence : books.fresh('line');
  const same = it.state === state && (state !== 'returned' || it.evidence === evidence);
  const expect = unknown ? 'payout_unknown' : same ? 'decided' : state === 'returned' && ['sent', 'paid'].includes(it.state) ? 'decided' : it.state !== 'sent' ? 'payout_state' : 'decided';
  const doing = expect === 'decided' && !same;
  const returned = doing && state !== 'paid' ? await back(books, it) : [];
  return call({
    procedure: 'payout_decide', values: [unknown ? 'XQ00000000' : it.id, state, state === 'paid' ? '' : 'account_invalid', evidence, 'op', 10, pick.of([0, 2])], expect, renewal: it.subject && { no: it.subject },
    posts: () => (!doing ? [] : state === 'failed' ? [took(it), ...returned] : [...(it.state === 'sent' ? [paid(it)] : []),
      ...(state === 'returned' ? [`payout_returned bank:${ours(it)}>${cost(it)}=${it.fen}`, ...returned] : [])]),
  });
}

export async function account_put(books, pick) {
  const r = await books.renewal(pick, `r.status = 'awaiting_account' and exists (select from xuqi.account_verification as v where v.renewal_no = r.renewal_no and v.state in ('failed', 'confirming'))`);
  if (!r) return null;
  const account = accounts(books, pick);
  const v = r.verification;
  const index = v && pick.chance(15) ? v.account_index : hex(`whole ${account}`);
  const same = v?.account_index === index;
  const [counted] = await books.rows('select count(*) as paid from xuqi.payout where payee_index = $1 and sent_at is not null', [hex(account)]);
  const expect = r.unknown ? 'renewal_unknown' : r.status !== 'awaiting_account' || !v ? 'renewal_state' : v.state === 'paying' && same ? 'paying'
    : r.payout.state === 'sent' ? 'payout_pending' : Number(counted.paid) >= PER_ACCOUNT ? 'account_limit' : r.payout.state !== 'queued' && v.payouts >= PAYOUTS ? 'account_payouts_used' : 'paying';
  return call({
    procedure: 'account_put', values: [r.no, '\\x00', index, hex(account), '****9876', PAYOUTS, PER_ACCOUNT], expect, renewal: r,
    async wrong() {
      const after = r.unknown ? null : await books.subject(r.no);
      return expect === 'paying' && after.verification.state !== 'paying' ? `it is ${after.verification.state}` : null;
    },
  });
}

export async function account_confirm(books, pick) {
  const r = await books.renewal(pick, `r.status = 'awaiting_account' and exists (select from xuqi.payout as p where p.renewal_no = r.renewal_no and p.state in ('sent', 'paid'))`);
  if (!r) return null;
  const { verification: v, payout: p } = r;
  const right = pick.chance(45);
  const code = right && p ? `code ${p.id}` : 'guess';
  const sent = p && p.state !== 'queued';
  const expect = r.unknown ? 'renewal_unknown' : !v ? 'renewal_state' : v.proof === 'code' && right ? 'confirmed' : r.status !== 'awaiting_account' ? 'renewal_state'
    : v.reason === 'tries_used' ? 'account_tries_used' : v.reason === 'expired' || (v.state === 'confirming' && v.late) ? 'account_code_expired'
      : !['paying', 'confirming'].includes(v.state) || !['sent', 'paid'].includes(p.state) ? 'account_not_paid' : v.mode !== 'code_entry' ? 'account_unexpected'
        : right && sent ? 'confirmed' : p.tries + 1 >= TRIES ? 'account_tries_used' : 'account_code_wrong';
  return call({
    procedure: 'account_confirm', values: [r.no, hex(code), TRIES], expect, renewal: r,
    async wrong() {
      if (expect !== 'confirmed') return null;
      const after = await books.subject(r.no);
      return after.verification.state === 'passed' || r.status !== 'awaiting_account' ? null : `it is ${after.verification.state}`;
    },
  });
}

// -- time --------------------------------------------------------------------------------------------------------------

const waiting = (books, states) => books.rows(`select renewal_no as no from xuqi.account_verification where state = any ($1) order by 1`, [`{${states}}`]);

export async function codes_expire(books, pick) {
  const it = pick.mostly(100, await waiting(books, ['confirming']), []);
  return it ? edit('time: a code expires', `update xuqi.account_verification set expires_at = now() - interval '1 second' where renewal_no = $1`, [it.no], () => {}) : null;
}

export async function payouts_age(books, pick) {
  const it = pick.mostly(100, await books.rows(`select client_id as id from xuqi.payout where state = 'sent' order by 1`), []);
  return it ? edit('time: a payout is unknown for long', `update xuqi.payout set sent_at = sent_at - interval '30 days' where client_id = $1`, [it.id], () => {}) : null;
}
