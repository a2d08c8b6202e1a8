/* SPDX-License-Identifier: Apache-2.0 */
/* The statements that the nouns define, for the tables in statements.c. Inside store/ only. */
#pragma once

#include "store/db.h"

extern const struct db_statement challenge_create, renewal_submit, renewal_progress, renewal_eligibility,
    renewal_lookup, renewal_changes, renewal_cancel, notice_refuse, payment_settle, staff_credential,
    staff_session_open, staff_session_close, staff_session_get, review_list, review_case, review_claim, review_release,
    review_approve, review_reject, certificate_acknowledge, certificate_get, payment_open, outbox_lease, outbox_finish,
    outbox_fail, message_facts, housekeeping, issuer_lease_take, issuance_begin, issuance_intend, issuance_record,
    issuance_abandon, staff_add, staff_disable, certificate_import, certificate_revoke, issuance_halt, issuance_release,
    schema_version, ledger_check, crl_due, crl_revoked, crl_record, crl_current, material_put, material_remove,
    material_list, draft_submit, review_material, application_form;
