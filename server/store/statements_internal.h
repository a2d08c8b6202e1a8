/* SPDX-License-Identifier: Apache-2.0 */
/* The statements that the nouns define, for the tables in statements.c. Inside store/ only. */
#pragma once

#include "store/db.h"

extern const struct db_statement application_form;
extern const struct db_statement certificate_acknowledge;
extern const struct db_statement certificate_get;
extern const struct db_statement certificate_import;
extern const struct db_statement certificate_revoke;
extern const struct db_statement challenge_create;
extern const struct db_statement crl_current;
extern const struct db_statement crl_due;
extern const struct db_statement crl_record;
extern const struct db_statement crl_revoked;
extern const struct db_statement draft_submit;
extern const struct db_statement housekeeping;
extern const struct db_statement issuance_abandon;
extern const struct db_statement issuance_begin;
extern const struct db_statement issuance_halt;
extern const struct db_statement issuance_intend;
extern const struct db_statement issuance_record;
extern const struct db_statement issuance_release;
extern const struct db_statement issuer_lease_take;
extern const struct db_statement ledger_check;
extern const struct db_statement material_list;
extern const struct db_statement material_put;
extern const struct db_statement material_remove;
extern const struct db_statement message_facts;
extern const struct db_statement notice_refuse;
extern const struct db_statement outbox_fail;
extern const struct db_statement outbox_finish;
extern const struct db_statement outbox_lease;
extern const struct db_statement payment_open;
extern const struct db_statement payment_settle;
extern const struct db_statement platform_fees;
extern const struct db_statement platform_load;
extern const struct db_statement quote_get;
extern const struct db_statement quote_missing;
extern const struct db_statement renewal_cancel;
extern const struct db_statement renewal_changes;
extern const struct db_statement renewal_eligibility;
extern const struct db_statement renewal_lookup;
extern const struct db_statement renewal_order;
extern const struct db_statement renewal_progress;
extern const struct db_statement renewal_submit;
extern const struct db_statement review_approve;
extern const struct db_statement review_case;
extern const struct db_statement review_claim;
extern const struct db_statement review_list;
extern const struct db_statement review_material;
extern const struct db_statement review_reject;
extern const struct db_statement review_release;
extern const struct db_statement schema_version;
extern const struct db_statement staff_add;
extern const struct db_statement staff_credential;
extern const struct db_statement staff_disable;
extern const struct db_statement staff_session_close;
extern const struct db_statement staff_session_get;
extern const struct db_statement staff_session_open;
