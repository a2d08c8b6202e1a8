// SPDX-License-Identifier: Apache-2.0
// Around the procedures that move money: what a bug or a taken process might write into the tables. All of it must be
// refused by a constraint or a trigger; see abuse.mjs for a renewal's life.
import { call } from './call.mjs';

const CHECK = '23514';
const DOUBLE = '23505';

// What, which rows it can be tried on (their keys), the statement, the refusal.
const TRIES = [
  ['more of a line than it holds', `select id from xuqi.statement_line where reversed_by is null`, `update xuqi.statement_line set taken_fen = amount_fen + 1 where id = $1`, CHECK],
  ['something of a line that was taken back', `select id from xuqi.statement_line where reversed_by is not null and taken_fen < amount_fen`,
    `update xuqi.statement_line set taken_fen = taken_fen + 1 where id = $1`, CHECK],
  ['another amount on a line', 'select id from xuqi.statement_line', `update xuqi.statement_line set amount_fen = amount_fen + 1 where id = $1`, CHECK],
  ['a line once more', 'select id from xuqi.statement_line', `insert into xuqi.statement_line (collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, fingerprint)
     select collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, fingerprint from xuqi.statement_line where id = $1`, DOUBLE],
  ['a match of another amount', 'select id from xuqi.transfer_match', `update xuqi.transfer_match set fen = fen + 1 where id = $1`, CHECK],
  ['a match that is undone once more', 'select id from xuqi.transfer_match where undone_at is not null', `update xuqi.transfer_match set undone_at = now() where id = $1`, CHECK],
  ['more put aside than an order costs', `select order_no as id from xuqi."order" where state = 'unpaid'`, `update xuqi."order" set funded_fen = amount_fen + 1 where order_no = $1`, CHECK],
  ['a request decided by who asked', `select id from xuqi.finance_request where two_people and state = 'asked'`,
    `update xuqi.finance_request set state = 'done', decided_by = asked_by, decided_at = now() where id = $1`, CHECK],
  ['another request than was asked', 'select id from xuqi.finance_request', `update xuqi.finance_request set fen = fen + 1 where id = $1`, CHECK],
  ['a refund beyond its payment', `select refund_no as id from xuqi.refund where state not in ('failed', 'refused') and amount_fen = paid_fen`,
    `insert into xuqi.refund (refund_no, renewal_no, order_no, cause, payment_id, attempt_no, gateway, gateway_txn, paid_fen, amount_fen, reason)
     select left(refund_no, 26) || 'R999', renewal_no, order_no, 'surplus', payment_id, attempt_no, gateway, gateway_txn, paid_fen, 1, '' from xuqi.refund where refund_no = $1`, CHECK],
  ['a refund that goes on without its money', `select refund_no as id from xuqi.refund where state = 'asked'`, `update xuqi.refund set state = 'sent', sent_at = now() where refund_no = $1`, CHECK],
  ['a refund that is back from its end', `select refund_no as id from xuqi.refund where state in ('failed', 'refused')`,
    `update xuqi.refund set state = 'asked', ended_at = null, reserve_id = null, approved_at = null, approved_by = null where refund_no = $1`, CHECK],
  ['a refund approved by who asked', `select refund_no as id from xuqi.refund where state = 'asked' and asked_by is not null`,
    `update xuqi.refund set state = 'approved', approved_by = asked_by, approved_at = now(), reserve_id = (select min(id) from xuqi.posting where event_type = 'invoice') where refund_no = $1`, CHECK],
  ['two fen to verify an account', 'select client_id as id from xuqi.payout', 'update xuqi.payout set amount_fen = 2 where client_id = $1', CHECK],
  ['a payout that was never sent and is paid', `select client_id as id from xuqi.payout where state = 'queued'`,
    `update xuqi.payout set state = 'paid', settled_at = now(), sent_at = now(), payee_index = sha256('x'), bank = 'b', from_account = 'a' where client_id = $1`, CHECK],
  ['a second payout while one is under way', `select client_id as id from xuqi.payout where purpose = 'verification' and state in ('queued', 'sent')`,
    `insert into xuqi.payout (client_id, purpose, renewal_no, number, amount_fen) select 'XQ99', 'verification', renewal_no, number + 50, 1 from xuqi.payout where client_id = $1`, DOUBLE],
  ['more of the day than its budget', 'select day as id from xuqi.payout_budget', 'update xuqi.payout_budget set used_fen = budget_fen + 1 where day = $1', CHECK],
  ['a reversal approved by who asked', `select id from xuqi.reversal where state = 'asked'`,
    `update xuqi.reversal set state = 'approved', decided_by = asked_by, decided_at = now(), reversing_id = posting_id where id = $1`, CHECK],
  ['a resolution by one person', 'select id from xuqi.resolution where decided_by is null', 'update xuqi.resolution set decided_by = said_by, decided_at = now() where id = $1', CHECK],
  ['another bill row than was kept', 'select gateway_id as id from xuqi.bill_row', 'update xuqi.bill_row set amount_fen = amount_fen + 1 where gateway_id = $1', CHECK],
  ['a settlement that is changed', 'select id from xuqi.settlement', 'update xuqi.settlement set amount_fen = amount_fen + 1 where id = $1', CHECK],
  ['a transfer that is changed', 'select id from xuqi.transfer', 'update xuqi.transfer set amount = amount + 1 where id = $1', CHECK],
  ['a posting that is removed', 'select id from xuqi.posting', 'delete from xuqi.posting where id = $1', CHECK],
  ['a leg added later', 'select id from xuqi.posting', `insert into xuqi.transfer (posting_id, leg, debit_id, credit_id, amount) select posting_id, 16, debit_id, credit_id, 1 from xuqi.transfer where posting_id = $1 and leg = 1`, CHECK],
  ['a posting reversed twice', 'select id from xuqi.posting where reverses is not null', `insert into xuqi.posting (event_type, event_key, fingerprint, event_at, actor, reverses)
     select 'abuse', 'again ' || id, fingerprint, now(), 'abuse', reverses from xuqi.posting where id = $1`, DOUBLE],
  ['a month that is opened again', 'select month as id from xuqi.period', 'delete from xuqi.period where month = $1', CHECK],
  ['a verdict after the applicant has submitted', `select c.id from xuqi.identity_check as c join xuqi.renewal as r using (renewal_no) where c.state in ('asking', 'open') and r.status not in ('draft', 'returned')`,
    `update xuqi.identity_check set state = 'passed', provider = 'forged', decided_at = now(), next_look_at = null where id = $1`, CHECK],
  ['a verdict that is changed', `select id from xuqi.identity_check where state in ('passed', 'failed', 'manual')`, `update xuqi.identity_check set state = 'void', reason = 'x' where id = $1`, CHECK],
];

export async function trespass(books, pick) {
  const [what, rows, sql, state] = pick.of(TRIES);
  const row = pick.mostly(100, await books.rows(`${rows} order by 1`), []);
  return row ? call({ procedure: `trespass: ${what}`, sql, values: [row.id], expect: `!${state}`, outcome: () => 'written' }) : null;
}
