/* SPDX-License-Identifier: Apache-2.0 */
/* Which database role executes what: the same lists as sql/grants.sql. */
#include "store/statements.h"

#include "store/statements_internal.h"

/* clang-format off */
const struct db_statement *const web_statements[] = {
    &application_form,
    &certificate_acknowledge,
    &certificate_get,
    &challenge_create,
    &crl_current,
    &draft_submit,
    &identity_hurry,
    &identity_list,
    &material_list,
    &material_put,
    &material_remove,
    &notice_refuse,
    &payment_settle,
    &phone_link_create,
    &phone_link_finish,
    &phone_link_get,
    &phone_link_open,
    &phone_photo_put,
    &renewal_cancel,
    &renewal_changes,
    &renewal_eligibility,
    &renewal_lookup,
    &renewal_order,
    &renewal_progress,
    &renewal_submit,
    &review_approve,
    &review_case,
    &review_claim,
    &review_list,
    &review_material,
    &review_reject,
    &review_release,
    &staff_credential,
    &staff_session_close,
    &staff_session_get,
    &staff_session_open,
    &telecom_begin,
};
const size_t web_statement_count = ARRAY_SIZE(web_statements);

const struct db_statement *const jobs_statements[] = {
    &housekeeping,
    &identity_again,
    &identity_decide,
    &identity_lease,
    &identity_manual,
    &identity_void,
    &liveness_begin,
    &liveness_open,
    &message_facts,
    &outbox_fail,
    &outbox_finish,
    &outbox_lease,
    &payment_open,
};
const size_t jobs_statement_count = ARRAY_SIZE(jobs_statements);

const struct db_statement *const issuer_statements[] = {
    &crl_due,
    &crl_record,
    &crl_revoked,
    &issuance_abandon,
    &issuance_begin,
    &issuance_intend,
    &issuance_record,
    &issuer_lease_take,
};
const size_t issuer_statement_count = ARRAY_SIZE(issuer_statements);

const struct db_statement *const admin_statements[] = {
    &certificate_import,
    &certificate_revoke,
    &issuance_halt,
    &issuance_release,
    &ledger_check,
    &schema_version,
    &staff_add,
    &staff_disable,
};
const size_t admin_statement_count = ARRAY_SIZE(admin_statements);
/* clang-format on */
