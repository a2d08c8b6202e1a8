// SPDX-License-Identifier: Apache-2.0
// The walk through the books: renewals brought from one state to the next, so that there is something to pay, to give back
// and to verify. Told closely in the walk through a renewal's life; here for what they post.
import { hex } from './reference.mjs';
import { call, edit } from './call.mjs';

export const PAYERS = ['广州市甲方有限公司', '广州市乙方有限公司', '深圳市丙方有限公司', '丁某'];
const PRICES = { 12: 20000, 24: 20000, 36: 3 };
const SUBMIT = `select * from xuqi.renewal_submit($1, 'sz-consumables', 'v', $2, $3, 'der'::bytea, '2026-12-31 12:00:00+08', '\\x3000', 'CN=' || $4, $4,
  $4, sha256(convert_to($5, 'UTF8')), 'sealed evidence', $6, 0, $7, 600, '2027-12-31 12:00:00+08', 'profile', '1', $8, $9, 'agreement', '1', repeat('0', 64), '4.2.0',
  '张*', '440***********0011', '138****8000', 'z***@example.com', '', 'electronic', 'title', 'tax id', 'sealed personal', sha256('id'), sha256('mobile'),
  0, 30, $11, in_required_identity_steps => $10)`;

export const invoiced = (order, fen) => `invoice receivable:${order}>deferred_revenue:=${fen}`;

export async function renewal_submit(books, pick) {
  const name = books.fresh('certificate');
  const months = pick.of([12, 12, 24, 36]);
  await books.rows('select * from xuqi.challenge_create($1, 3600)', [hex(name)]);
  return call({
    procedure: 'renewal_submit', sql: SUBMIT, expect: 'created',
    values: [hex(name), hex(`fingerprint ${name}`), `c0ffee${hex(name).slice(2, 12)}`, pick.of(PAYERS), name, months, PRICES[months], pick.of([0, 0, 1, 2]),
      pick.of(['never', 'never', 'always', 'always', 'when_paid_online']), pick.of(['{}', '{}', '{}', '{id_photos}', '{liveness}', '{id_photos,liveness,telecom}']),
      pick.chance(8) ? '{alipay,wechat}' : '{alipay,wechat,bank_transfer}'],
    posts: (got, row) => [invoiced(row.order_no, PRICES[months])],
  });
}

export async function renewal_cancel(books, pick) {
  const r = await books.renewal(pick, `r.status in ('draft', 'awaiting_payment', 'awaiting_review', 'awaiting_account', 'awaiting_install')`);
  if (!r) return null;
  const unpaid = ['draft', 'awaiting_payment'].includes(r.status);
  const expect = r.unknown ? 'renewal_unknown' : unpaid || r.status === 'cancelled' ? 'cancelled'
    : ['awaiting_review', 'awaiting_account', 'awaiting_install'].includes(r.status) ? 'refund_asked' : 'renewal_state';
  return call({
    procedure: 'renewal_cancel', values: [r.no], expect, renewal: r,
    posts: () => (unpaid ? [`cancel deferred_revenue:>receivable:${r.order_no}=${r.amount}`] : []),
    wrong: (row) => (expect === 'refund_asked' && Number(row.amount_fen) !== r.amount ? `${row.amount_fen} asked` : null),
  });
}

export async function review_approve(books, pick) {
  const r = await books.renewal(pick, `r.status = 'awaiting_review'`);
  if (!r || r.unknown || r.status !== 'awaiting_review') return null;
  const name = pick.of(['ann', 'bob'].filter((each) => !r.approvals?.includes(each)));
  await books.rows(`update xuqi.renewal set claimed_until = now() - interval '1 second' where renewal_no = $1 and claimed_by is not null`, [r.no]);
  await books.rows('select * from xuqi.review_claim($1, $2, 600)', [hex(`token ${name}`), r.no]);
  return call({
    procedure: 'review_approve', expect: r.done + 1 >= r.reviews ? 'approved' : 'first_approval', renewal: r,
    sql: 'select * from xuqi.review_approve($1, $2, xuqi.renewal_content_hash($2))', values: [hex(`token ${name}`), r.no],
  });
}

// Refused for good: the whole price is the payer's again, and is on its way back.
export async function review_reject(books, pick) {
  const r = await books.renewal(pick, `r.status = 'awaiting_review'`);
  if (!r || r.status !== 'awaiting_review') return null;
  const name = pick.of(['ann', 'bob'].filter((each) => !r.approvals?.includes(each)));
  await books.rows(`update xuqi.renewal set claimed_until = now() - interval '1 second' where renewal_no = $1 and claimed_by is not null`, [r.no]);
  await books.rows('select * from xuqi.review_claim($1, $2, 600)', [hex(`token ${name}`), r.no]);
  return call({
    procedure: 'review_reject', values: [hex(`token ${name}`), r.no, 'name_wrong', '名称不符'], expect: 'rejected', renewal: r,
    posts: () => [`cancel deferred_revenue:>payer_credit:${r.payer}=${r.amount}`],
  });
}

export const net = (fen, rate) => Math.floor((fen * 10000) / (10000 + rate) + 0.5);
// How a price divides: legs without money are none.
export function split(fen, rate, revenue, tax) {
  const part = net(fen, rate);
  return [[revenue, part], [tax, fen - part]].filter(([, amount]) => amount > 0).map(([leg, amount]) => `${leg}=${amount}`).join(' ');
}

// A gateway's bill has another amount, or the gateway says that it does not have the money.
const CONTRADICTED = `exists (select from xuqi.match_difference as d where d.renewal_no = r.renewal_no and d.kind = 'payment' and d.state = 'open'
  and (d.class = 'amount' or (d.class = 'short' and d.answer in ('not_paid', 'not_found', 'closed', 'mismatch'))))`;
const contradicted = async (books, r) => (await books.rows(`select from xuqi.renewal as r where r.renewal_no = $1 and ${CONTRADICTED}`, [r.no])).length > 0;

// The issuer's intent and its signature in one: what lies between is the other walk's.
export async function issuance_record(books, pick) {
  const r = (pick.chance(50) && await books.renewal(pick, `r.status = 'awaiting_install' and ${CONTRADICTED}`)) || await books.renewal(pick, `r.status = 'awaiting_install'`);
  if (!r || r.status !== 'awaiting_install' || r.issuance) return null;
  const word = books.fresh('serial');
  const serial = `\\x10${hex(word).slice(2, 32)}`;
  await books.rows('select * from xuqi.challenge_create($1, 3600)', [hex(word)]);
  const intend = [`select i.* from xuqi.issuance_intend((select fence from xuqi.issuer_lease), array[$1::text], array[$2::bytea], array[$3::bytea],
      array['csr'::bytea], array[$2::bytea], array[$4::bytea], array[now()], (select array[not_after] from xuqi.renewal where renewal_no = $1), array['tbs'::bytea],
      array[xuqi.renewal_content_hash($1)]) as i`, [r.no, hex(word), hex(`key ${word}`), serial]];
  if (await contradicted(books, r)) {
    const begin = ['select i.* from xuqi.issuance_begin(array[$1::text], array[$2::bytea], (select array[certificate_fingerprint] from xuqi.renewal where renewal_no = $1), array[$3::bytea]) as i',
      [r.no, hex(word), hex(`key ${word}`)]];
    const [procedure, [sql, values]] = pick.chance(50) ? ['issuance_intend', intend] : ['issuance_begin', begin];
    return call({ procedure, sql, values, expect: 'payment_disputed', renewal: r });
  }
  const [intent] = await books.rows(...intend);
  return call({
    procedure: 'issuance_record', expect: 'recorded', renewal: r,
    sql: `select * from xuqi.issuance_record((select fence from xuqi.issuer_lease), array[$1::bigint], array[$2::bytea], array[convert_to($3, 'UTF8')], array[$4::bytea])`,
    values: [intent.issuance_id, serial, word, hex(word)],
    posts: () => [`issue ${split(r.amount, r.rate, 'deferred_revenue:>revenue:', 'deferred_revenue:>output_tax:')}`],
  });
}

export async function certificate_revoke(books, pick) {
  const r = await books.renewal(pick, `r.status = 'issued'`);
  if (!r || r.status !== 'issued') return null;
  return call({
    procedure: 'certificate_revoke', sql: `select * from xuqi.certificate_revoke((select serial from xuqi.certificate where renewal_no = $1), 'cessationOfOperation')`,
    values: [r.no], expect: 'revoked', renewal: r,
  });
}

export async function overdue(books, pick) {
  const r = await books.renewal(pick, `r.status = 'awaiting_payment'`);
  if (!r || r.status !== 'awaiting_payment') return null;
  return edit('time: payment is overdue', `update xuqi.renewal set unpaid_close_at = submitted_at - interval '1 s' where renewal_no = $1`, [r.no], () => {});
}

// Closed is what nobody paid in time and no gateway may still bring money for; codes and quiet payouts come to their end.
export async function housekeeping(books) {
  const over = await books.rows(`select o.order_no, o.amount_fen from xuqi.renewal as r join xuqi."order" as o on o.order_no = r.order_no
      where r.status in ('draft', 'awaiting_payment') and r.unpaid_close_at < now() and not exists (select from xuqi.payment_attempt as a where a.order_no = o.order_no
        and (a.state = 'unknown' or a.state = 'open' and (a.queried or a.created_at > now() - interval '25 hours')))`);
  return call({
    procedure: 'housekeeping', values: [90000], expect: 'done', outcome: () => 'done',
    posts: () => over.map((o) => `cancel deferred_revenue:>receivable:${o.order_no}=${o.amount_fen}`),
    wrong: (row) => (Number(row.closed) !== over.length ? `closed ${row.closed} instead of ${over.length}` : null),
  });
}

// Whom the invoice is made out to, until the order is paid.
export async function renewal_invoice(books, pick) {
  const r = await books.renewal(pick, `r.status in ('draft', 'awaiting_payment')`);
  if (!r) return null;
  const title = pick.of(['title', 'another']);
  const [held] = await books.rows('select invoice_title as title from xuqi.renewal where renewal_no = $1', [r.no]);
  const expect = r.unknown ? 'renewal_unknown' : held.title === title || ['draft', 'awaiting_payment'].includes(r.status) ? 'changed' : 'invoice_fixed';
  return call({ procedure: 'renewal_invoice', values: [r.no, 'electronic', title, 'tax id'], expect, renewal: r });
}
