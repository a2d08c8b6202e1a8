// SPDX-License-Identifier: Apache-2.0
// The operations of a walk: one row each, with how often it comes. A new procedure is one row here and one function that
// chooses its arguments, says what must come of it, and lets the reference learn it (see call.mjs).
import * as abuse from './abuse.mjs';
import * as applicant from './applicant.mjs';
import * as correction from './correction.mjs';
import * as desk from './desk.mjs';
import * as effects from './effects.mjs';
import * as intake from './intake.mjs';
import * as issuer from './issuer.mjs';
import * as payment from './payment.mjs';

export const OPERATIONS = [
  [18, intake.challenge_create],
  [14, intake.renewal_submit],
  [4, intake.renewal_resubmit],
  [2, applicant.renewal_cancel],
  [1, applicant.renewal_eligibility],
  [2, applicant.renewal_lookup],
  [10, applicant.material_put],
  [2, applicant.material_remove],
  [3, applicant.draft_submit],
  [2, applicant.review_material],
  [1, applicant.application_form],
  [12, payment.payment_open],
  [16, payment.payment_settle],
  [5, payment.payment_repeat],
  [2, payment.notice_refuse],
  [18, desk.review_claim],
  [3, desk.review_release],
  [20, desk.review_approve],
  [3, desk.review_reject],
  [7, correction.review_return],
  [1, correction.correction_begin],
  [10, correction.correction_submit],
  [1, correction.return_list],
  [2, desk.review_case],
  [1, desk.review_list],
  [2, desk.staff_add],
  [1, desk.staff_disable],
  [6, desk.staff_session_open],
  [1, desk.staff_session_close],
  [1, desk.staff_session_get],
  [4, issuer.issuer_lease_take],
  [5, issuer.issuance_begin],
  [20, issuer.issuance_intend],
  [16, issuer.issuance_record],
  [2, issuer.issuance_abandon],
  [8, issuer.certificate_acknowledge],
  [1, issuer.issuance_halt],
  [4, issuer.issuance_release],
  [2, issuer.certificate_import],
  [1, issuer.certificate_revoke],
  [1, issuer.crl_record],
  [6, effects.outbox_lease],
  [8, effects.outbox_finish],
  [5, effects.outbox_fail],
  [3, effects.housekeeping],
  [12, effects.time],
  [2, effects.gateway_closes],
  [1, effects.attempts_spent],
  [1, effects.tries_spent],
  [8, abuse.abuse],
];

// Outcomes that a header names and no walk can see, with the reason.
export const UNSEEN = {
  'issuance_intend signer_mismatch': 'it is not told the signer',
  'review_return rate_limited': 'no walk returns a renewal 99 times',
  'correction_submit rate_limited': 'no walk corrects 20 times without completing',
  'correction_submit identity_missing': 'what is returned in a walk asks for no identity steps: identity.sql',
  'renewal_submit price_absent': 'prices are those of the template: price.sql',
  'renewal_submit term_not_offered': 'prices are those of the template: price.sql',
  'renewal_submit quote_unknown': 'prices are those of the template: price.sql',
  'ledger_close ledger_faulty': 'no walk breaks the books: ledger_close.sql plants a fault',
  'refund_approve renewal_state': 'a refund is asked of what is paid, and what is paid stays so',
  'refund_approve refund_exceeds': 'what is asked for is counted when it is asked',
  'refund_approve refund_not_whole': 'a part is asked for after issuance only, and what is issued stays so',
  'portal_token_present portal_token_used': 'no walk submits with another portal\'s token: proofs.sql',
  'reversal_decide posting_reversed': 'of a posting one question is open; reversal.sql has the system reverse it meanwhile',
  'reversal_decide posting_held': 'no record begins to stand on an adjustment: reversal.sql',
  'staff_add duties_clash': 'no walk hires for duties that one person may not have: admin.sql',
  ...Object.fromEntries(['review_approve', 'review_case', 'review_claim', 'review_material', 'review_reject', 'review_release', 'review_return', 'review_unmask', 'finance_ask',
    'finance_decide', 'refund_approve', 'refund_ask', 'refund_pay_out', 'refund_refuse', 'refund_retry', 'order_invoice'].map((name) =>
    [`${name} platform_forbidden`, 'staff of a walk may see every platform; tests/flow/matrix.mjs tries those of one'])),
  ...Object.fromEntries(['finance_ask', 'finance_decide', 'order_invoice', 'refund_approve', 'refund_pay_out', 'refund_refuse', 'refund_retry'].map((name) =>
    [`${name} duty_conflict`, 'finance of a walk reviews nothing: duties.sql'])),
  ...Object.fromEntries(['review_approve', 'review_claim', 'review_reject', 'review_release', 'review_return'].flatMap((name) => [
    [`${name} key_reused`, 'no walk gives a key: desk.sql'], [`${name} reviewer_own`, 'no walk notes who a reviewer is: desk.sql'],
    [`${name} reviewer_account`, 'no walk notes who a reviewer is: desk.sql']])),
  'review_reject case_changed': 'no walk names a version: desk.sql',
  'difference_assign difference_changed': 'no walk names an old version: reconcile.sql',
  'difference_resolve difference_changed': 'no walk names an old version: reconcile.sql',
  'review_list place_unknown': 'a walk reads the first page: desk.sql',
};

// What the few walks of the short form do not come to.
export const SELDOM = ['clearing_explain', 'portal_renewals', 'subject_erase'];

// Procedures that are no operation here: the story that tells each of their outcomes (main.mjs looks whether it names the
// procedure and every outcome), and why it is not walked.
const READS = 'reads a list of the desk; what it lists is walked';
const VIEW = 'one\'s own addresses of lists; nothing else moves with them';
const CONSOLE = 'an operator loads a file; nothing else moves with it';
const LINK = 'fetches pages from a bank; what they bring is taken over as a file\'s lines are, which is walked';
const DESK = 'who works here and with which rights; whoever it is does what is walked';
const AUDIT = 'seals and proves the audit trail, which no walk reads';
const QUEUE = 'says who looks at a case and when; claims and decisions are walked';
const BILL = 'keeps and reads a file; match_run walks what is made of it';
export const NOT_MODELLED = {
  agreement_publish: ['acceptance', CONSOLE], bank_import: ['bank', CONSOLE], platform_load: ['price', CONSOLE], collecting_account_publish: ['statement', CONSOLE],
  bill_absent: ['reconcile', BILL], bill_keep: ['reconcile', BILL], bill_loaded: ['reconcile', BILL], bill_put: ['reconcile', BILL], bill_refuse: ['reconcile', BILL],
  bill_piece_put: ['reconcile', BILL], bill_upload: ['reconcile', BILL],
  difference_list: ['reconcile', READS], match_list: ['reconcile', READS], refund_list: ['refund', READS], statement_list: ['statement', READS], statement_lines: ['statement', READS],
  finance_candidates: ['finance', READS], finance_lines: ['finance', READS], finance_matches: ['finance', READS], finance_order_candidates: ['finance', READS],
  finance_invoices: ['refund', READS], order_invoice_records: ['refund', READS],
  finance_orders: ['finance', READS], finance_requests: ['finance', READS],
  finance_change_ask: ['statement_change', 'settles what an import raised; what is accepted is booked as any import, which is walked'],
  finance_overview: ['books', READS], finance_payouts: ['books', READS], ledger_balances: ['books', READS], ledger_evidence: ['books', READS], ledger_legs: ['books', READS],
  ledger_posting: ['books', READS], ledger_transfers: ['books', READS],
  staff_view_add: ['books', VIEW], staff_view_list: ['books', VIEW], staff_view_remove: ['books', VIEW], staff_view_rename: ['books', VIEW],
  finance_changes: ['statement_change', READS], reversal_list: ['reversal', READS],
  payout_export: ['repayment', 'hands repayments to a person; what becomes of them is walked (payout_decide)'],
  payout_line: ['repayment', 'reads a payout\'s end off the statement; the ends themselves are walked (payout_word, payout_decide)'],
  statement_link_balance: ['statement_link', LINK], statement_link_begin: ['statement_link', LINK], statement_link_due: ['statement_link', LINK],
  statement_link_fault: ['statement_link', LINK], statement_link_page: ['statement_link', LINK],
  price_ask: ['admin', 'proposes prices, which admin_decide makes'], price_list: ['admin', READS],
  admin_ask: ['admin', DESK], admin_decide: ['admin', DESK], admin_requests: ['admin', READS], staff_list: ['admin', READS], staff_export: ['admin', READS],
  staff_certificate_add: ['admin', DESK], staff_enrol: ['admin', DESK], staff_session_open_certificate: ['admin', DESK], staff_stop: ['admin', DESK],
  admin_platforms: ['administration', READS], agreement_list: ['administration', READS], audit_event_get: ['administration', AUDIT],
  audit_list: ['administration', AUDIT], calendar_list: ['administration', READS], issuance_halts: ['administration', READS],
  operations_get: ['administration', READS], price_versions: ['administration', READS], funnel_count: ['administration', 'counts renewals now and then'],
  audit_between: ['audit', AUDIT], audit_checkpoint_record: ['audit', AUDIT], audit_export: ['audit', AUDIT], audit_timestamp_record: ['audit', AUDIT], audit_prove: ['audit', AUDIT],
  staff_person_change: ['staff', DESK], staff_person_get: ['staff', DESK], staff_own_credential: ['staff', DESK],
  staff_refuse: ['staff', 'writes a refused login onto the audit trail'],
  calendar_import: ['desk', CONSOLE], review_rules_publish: ['desk', CONSOLE], staff_person_put: ['desk', CONSOLE],
  review_counts: ['desk', READS], review_desk: ['desk', READS], review_figures: ['desk', READS],
  review_hold: ['desk', QUEUE], review_next: ['desk', QUEUE], review_reassign: ['desk', QUEUE], review_resume: ['desk', QUEUE],
  mistake_list: ['mistake', READS], mistake_assign: ['mistake', QUEUE], mistake_close: ['mistake', 'ends what a sample began; nothing else moves with it'],
  pass_list: ['mistake', READS], pass_resume: ['mistake', 'says who reviews what comes later; nothing else moves with it'],
  review_sample_look: ['desk', 'notes what somebody thought of a case that passed without a person'],
  review_unmask: ['acceptance', 'reads sealed values for a reviewer; its limits are told there'],
  portal_certificate: ['proofs', 'compares what is typed with a certificate; its limits are told there'],
  issuance_begin_portal: ['proofs', 'reads the verdict of issuance_begin, which is walked, for a session'],
  gateway_certificate_put: ['rails', 'keeps a gateway\'s public certificate'], rail_note: ['rails', 'notes that a gateway is down'],
  seal_note: ['retention', 'writes one line of the audit trail'], seal_replace: ['retention', 'writes the same value under another key'],
};
