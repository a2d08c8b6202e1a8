// SPDX-License-Identifier: Apache-2.0
// Around the procedures: what a bug or a taken process might write, as the tables' owner. All of it must be refused.
import { hex, MOVES } from './reference.mjs';
import { call } from './call.mjs';

const refused = (what, state, sql, values, renewal) => call({ procedure: `abuse: ${what}`, sql, values, expect: `!${state}`, outcome: () => 'written', renewal, raw: true });

// An intent written straight into the table, where the guard is alone.
function intent(world, pick) {
  const renewal = world.renewal(pick, 'awaiting_payment', 'awaiting_review', 'rejected');
  if (!renewal || renewal.unknown) return null;
  const fault = renewal.status !== 'awaiting_install' ? 'state' : pick.of(['fence', 'content', 'validity', ...(world.halted ? ['halt'] : [])]);
  // One that is under way or signed already is refused by the index, before the guard looks.
  return refused(`an intent with a wrong ${fault}`, world.live(renewal) ? '23505' : '23514',
    `insert into xuqi.issuance (renewal_no, fence, serial, csr_spki_sha256, csr_der, request_evidence_sha256, not_before, not_after, tbs, content_hash)
     select renewal_no, $2, $3, $4, '\\x00', sha256('r'), now(), not_after + $5::interval, '\\x00',
            case $6::text when 'changed' then sha256('changed') else xuqi.renewal_content_hash(renewal_no) end
       from xuqi.renewal where renewal_no = $1`,
    [renewal.no, world.lease.fence - (fault === 'fence' ? 1 : 0), `\\x11${hex(world.fresh('serial')).slice(2, 32)}`, hex(world.fresh('key')),
      fault === 'validity' ? '1 day' : '0', fault === 'content' ? 'changed' : 'present'], renewal);
}

// A state that does not follow, with the columns that go with it, so that only the table of moves can refuse it.
function jump(world, pick) {
  const renewal = world.renewal(pick, 'awaiting_payment', 'awaiting_review', 'awaiting_install', 'issued', 'completed');
  if (!renewal || renewal.unknown) return null;
  const to = pick.of(['awaiting_payment', 'awaiting_review', 'returned', 'awaiting_account', 'awaiting_install', 'issued', 'completed', 'cancelled', 'closed']);
  if (to === renewal.status || MOVES.includes(`${renewal.status} ${to}`)) return null;
  return refused('a state that does not follow', '23514',
    `update xuqi.renewal set status = $2::xuqi.renewal_state, returns = greatest(returns, 1), remind_at = null, paid_at = coalesce(paid_at, now()), rejected_by = null, rejection_code = null,
            issued_at = case when $2::text in ('issued', 'completed') then now() end, completed_at = case when $2::text = 'completed' then now() end
      where renewal_no = $1`, [renewal.no, to], renewal);
}

function overspend(world, pick) {
  if (world.renewals.length === 0) return null;
  const renewal = pick.of(world.renewals);
  return refused('more than the payer has', '23514',
    `select xuqi.ledger_post('abuse', $1, sha256('abuse'), now(), 'abuse', array[o.payer_credit_id], array[xuqi.account_open('bank', '')], array[$3::bigint])
       from xuqi."order" o where order_no = $2`, [world.fresh('abuse'), renewal.orderNo, (world.credit.get(renewal.payer) ?? 0) + 1], renewal);
}

function again(world, pick) {
  const renewal = pick.mostly(100, world.renewals.filter((r) => r.approvals.length > 0), []);
  return renewal ? refused('a second approval of one person', '23505',
    `insert into xuqi.approval (renewal_no, staff_id, content_hash) select renewal_no, staff_id, content_hash from xuqi.approval where renewal_no = $1 and voided_at is null limit 1`,
    [renewal.no], renewal) : null;
}

function frozen(world, pick) {
  if (world.renewals.length === 0) return null;
  const renewal = pick.of(world.renewals);
  const column = pick.of(['amount_fen', 'reviews_required', 'term_months']);
  return refused(`another ${column}`, '23514', `update xuqi.renewal set ${column} = ${column} + case when ${column} = 2 then -1 else 1 end where renewal_no = $1`, [renewal.no], renewal);
}

function signed(world, pick) {
  const ended = pick.mostly(100, world.issuances.filter((i) => i.state === 'abandoned'), []);
  return ended ? refused('an abandoned intent that comes back', '23514', `update xuqi.issuance set state = 'intended', ended_at = null where id = $1`, [ended.id], ended.renewal) : null;
}

// What nobody asked to correct, or nobody may correct any more, written straight into the tables.
function corrected(world, pick) {
  const closed = world.renewals.filter((r) => r.returned.length > 0 && r.status !== 'returned');
  const renewal = pick.mostly(100, closed, []);
  return renewal ? refused('a correction of what is not returned', '23514',
    `insert into xuqi.correction (renewal_no, number, round, evidence_sha256, evidence_sealed, personal_sealed, agent_name_masked, agent_id_masked,
       agent_mobile_masked, agent_email_masked, recipient_masked, invoice_title, invoice_tax_id)
     values ($1, 1000, $2, sha256('abuse'), '\\x00', '\\x00', '', '', '', '', '', '', '')`, [renewal.no, renewal.returned.length], renewal) : null;
}

function unnamed(world, pick) {
  const renewal = pick.mostly(100, world.renewals.filter((r) => r.corrections.length > 0), []);
  return renewal ? refused('a corrected field that was not named', '23514',
    `insert into xuqi.correction_field (renewal_no, number, name, old_masked, new_masked, changed) values ($1, $2, 'agent.email', '', '', true)`,
    [renewal.no, renewal.corrections.length], renewal) : null;
}

function reopened(world, pick) {
  const renewal = pick.mostly(100, world.renewals.filter((r) => !['draft', 'returned'].includes(r.status)), []);
  return renewal ? refused('a document of what is closed', '23514',
    `insert into xuqi.material (renewal_no, kind, page, content_type, size, sha256, sealed)
     values ($1, 'authorisation', 9, 'image/png', 1, sha256('abuse'), '\\x0001')`, [renewal.no], renewal) : null;
}

function booked(world, pick) {
  const known = pick.mostly(100, [...world.booked.values()], []);
  return known ? refused('a transaction booked under another key', '23505',
    `insert into xuqi.payment_notice (gateway, digest, verdict, gateway_txn, key_id, raw, posting_id)
     select gateway, sha256('abuse'), verdict, gateway_txn, key_id, 'abuse', (select max(id) from xuqi.posting where event_type = 'invoice')
       from xuqi.payment_notice where gateway = $1 and gateway_txn = $2 and verdict in ('settled', 'surplus')`, [known.gateway, known.txn]) : null;
}

const ABUSE = [intent, intent, jump, jump, overspend, again, frozen, signed, booked, corrected, unnamed, reopened];
export const abuse = (world, pick) => pick.of(ABUSE)(world, pick);
