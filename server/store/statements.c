/* SPDX-License-Identifier: Apache-2.0 */
/* Which database role executes what: the same lists as sql/grants.sql. */
#include "store/statements.h"

#include "store/statements_internal.h"

/* clang-format off */
const struct db_statement *const web_statements[] = {
    &agreement_publish,
    &application_form,
    &bank_search,
    &certificate_acknowledge,
    &certificate_get,
    &challenge_create,
    &correction_begin,
    &correction_submit,
    &crl_current,
    &draft_submit,
    &material_list,
    &material_put,
    &material_remove,
    &notice_ask,
    &notice_refuse,
    &payment_refresh,
    &payment_settle,
    &portal_certificate,
    &portal_credential,
    &portal_password_change,
    &portal_register,
    &portal_renewals,
    &portal_session_close,
    &portal_session_get,
    &portal_session_open,
    &portal_session_open_sms,
    &portal_token_present,
    &quote_get,
    &quote_missing,
    &renewal_cancel,
    &renewal_changes,
    &renewal_eligibility,
    &renewal_lookup,
    &renewal_order,
    &renewal_progress,
    &renewal_submit,
    &return_list,
    &review_approve,
    &review_case,
    &review_claim,
    &review_list,
    &review_material,
    &review_reject,
    &review_release,
    &review_unmask,
    &sms_code_request,
    &review_return,
    &staff_credential,
    &staff_session_close,
    &staff_session_get,
    &staff_session_open,
};
const size_t web_statement_count = ARRAY_SIZE(web_statements);

const struct db_statement *const jobs_statements[] = {
    &housekeeping,
    &message_facts,
    &notice_refuse,
    &outbox_fail,
    &outbox_finish,
    &outbox_lease,
    &payment_open,
    &portal_tidy,
    &retention_erase,
    &sms_code_due,
    &payment_query_begin,
    &payment_query_end,
    &payment_settle,
};
const size_t jobs_statement_count = ARRAY_SIZE(jobs_statements);

const struct db_statement *const issuer_statements[] = {
    &crl_due,
    &crl_record,
    &crl_revoked,
    &issuance_abandon,
    &issuance_begin,
    &issuance_begin_portal,
    &issuance_intend,
    &issuance_record,
    &issuer_lease_take,
};
const size_t issuer_statement_count = ARRAY_SIZE(issuer_statements);

const struct db_statement *const admin_statements[] = {
    &bank_import,
    &certificate_import,
    &certificate_revoke,
    &issuance_halt,
    &issuance_release,
    &ledger_check,
    &portal_account_bind,
    &platform_fees,
    &platform_load,
    &schema_version,
    &seal_note,
    &seal_places,
    &seal_replace,
    &seal_stale,
    &staff_add,
    &staff_disable,
    &subject_erase,
    &subject_export,
};
const size_t admin_statement_count = ARRAY_SIZE(admin_statements);
/* clang-format on */
