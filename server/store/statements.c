/* SPDX-License-Identifier: Apache-2.0 */
/* Which database role executes what: the same lists as sql/grants.sql. */
#include "store/statements.h"

#include "store/statements_internal.h"

const struct db_statement *const web_statements[] = {
    &challenge_create,  &renewal_submit,   &renewal_progress,    &notice_refuse,
    &payment_settle,    &staff_credential, &staff_session_open,  &staff_session_close,
    &staff_session_get, &review_list,      &review_case,         &review_claim,
    &review_release,    &review_approve,   &review_reject,       &certificate_acknowledge,
    &certificate_get,   &crl_current,      &renewal_eligibility, &renewal_lookup,
    &renewal_cancel,    &material_put,     &material_remove,     &material_list,
    &draft_submit,      &review_material,  &application_form,    &renewal_changes,
};
const size_t web_statement_count = ARRAY_SIZE(web_statements);

const struct db_statement *const jobs_statements[] = {
    &payment_open, &outbox_lease, &outbox_finish, &outbox_fail, &message_facts, &housekeeping,
};
const size_t jobs_statement_count = ARRAY_SIZE(jobs_statements);

const struct db_statement *const issuer_statements[] = {
    &issuer_lease_take, &issuance_begin, &issuance_intend, &issuance_record,
    &issuance_abandon,  &crl_due,        &crl_revoked,     &crl_record,
};
const size_t issuer_statement_count = ARRAY_SIZE(issuer_statements);

const struct db_statement *const admin_statements[] = {
    &staff_add,     &staff_disable,    &certificate_import, &certificate_revoke,
    &issuance_halt, &issuance_release, &schema_version,     &ledger_check,
};
const size_t admin_statement_count = ARRAY_SIZE(admin_statements);
