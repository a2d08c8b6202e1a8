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
  [1, applicant.review_material],
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
  'correction_submit rate_limited': 'no walk corrects 20 times without completing'
};

// Procedures with outcomes that are no operation here, with the reason.
const REFUND = 'told in refund.sql: a walk has no gateway that gives money back';
export const NOT_MODELLED = {
  order_invoice: REFUND, refund_approve: REFUND, refund_ask: REFUND, refund_begin: REFUND, refund_end: REFUND, refund_list: REFUND,
  refund_pay_out: REFUND, refund_refuse: REFUND, refund_retry: REFUND, refund_tell: REFUND, unknown_resolve: REFUND,
};
