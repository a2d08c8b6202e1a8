/* SPDX-License-Identifier: Apache-2.0 */
/* THE route table: method, path, who may call, what the body may be and how large, handler, on which listener: the
 * desks' routes are answered at the staff's own address alone. docs/openapi.yaml describes each; a test holds the two
 * together. */
#include "routes.h"

#include "api/handlers.h"

#define JSON  "application/json"
#define CMS   "application/pkcs7-mime"
#define BOTH  "application/pkcs7-mime|application/json" /* signed, or in a session of the web hall */
#define FORM  "application/x-www-form-urlencoded"
#define SCAN  "application/pdf|image/jpeg|image/png"
#define PHOTO "image/jpeg|image/png"
#define BANK  "text/csv|text/tab-separated-values|text/plain|application/xml|application/octet-stream"
#define BILL  "application/octet-stream|application/zip|application/gzip|text/csv"

#define SMALL  4096              /* a nonce, a choice */
#define ITEMS  (32 * 1024)       /* a list with a sentence each */
#define SIGNED (64 * 1024)       /* a signed form or request with its certificates */
#define NOTICE (32 * 1024)       /* a gateway's form */
#define IMPORT (8 * 1024 * 1024) /* a bank's file; larger ones by xuqictl */
#define BILLS  (8 * 1024 * 1024) /* a bill handed in; larger ones by xuqictl */
#define UPLOAD (5 * 1024 * 1024) /* a scanned page: UPLOAD_SIZE_MAX of documents/ */

/* clang-format off */
const struct route routes[] = {
    {"GET",    "/healthz",                                        ACCESS_PUBLIC,  NULL, 0,      api_health_alive, LISTENER_PUBLIC},
    {"GET",    "/readyz",                                         ACCESS_PUBLIC,  NULL, 0,      api_health_ready, LISTENER_PUBLIC},
    {"GET",    "/metrics",                                        ACCESS_PUBLIC,  NULL, 0,      api_health_metrics, LISTENER_ADMIN},

    {"GET",    "/crl/issuing.crl",                                ACCESS_PUBLIC,  NULL, 0,      api_ca_crl, LISTENER_PUBLIC},
    {"GET",    "/ca/issuing.cer",                                 ACCESS_PUBLIC,  NULL, 0,      api_ca_issuing, LISTENER_PUBLIC},
    {"GET",    "/ca/root.cer",                                    ACCESS_PUBLIC,  NULL, 0,      api_ca_root, LISTENER_PUBLIC},

    {"GET",    "/api/v1/banks",                                   ACCESS_PUBLIC,  NULL, 0,      api_bank_search, LISTENER_PUBLIC},
    {"GET",    "/api/v1/platforms",                               ACCESS_PUBLIC,  NULL, 0,      api_platform_list, LISTENER_PUBLIC},
    {"GET",    "/api/v1/platforms/{platform}",                    ACCESS_PUBLIC,  NULL, 0,      api_platform_get, LISTENER_PUBLIC},
    {"POST",   "/api/v1/platforms/{platform}/eligibility",        ACCESS_PUBLIC,  JSON, SIGNED, api_eligibility, LISTENER_PUBLIC},
    {"POST",   "/api/v1/challenges",                              ACCESS_PUBLIC,  JSON, SMALL,  api_challenge_create, LISTENER_PUBLIC},

    {"POST",   "/api/v1/renewals",                                ACCESS_PUBLIC,  BOTH, SIGNED, api_renewal_submit, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/lookup",                         ACCESS_PUBLIC,  BOTH, SIGNED, api_renewal_lookup, LISTENER_PUBLIC},
    {"GET",    "/api/v1/renewals/{no}",                           ACCESS_RENEWAL, NULL, 0,      api_renewal_progress, LISTENER_PUBLIC},
    {"GET",    "/api/v1/renewals/{no}/events",                    ACCESS_RENEWAL, NULL, 0,      api_renewal_events, LISTENER_PUBLIC},
    {"PUT",    "/api/v1/renewals/{no}/invoice",                   ACCESS_RENEWAL, JSON, SMALL,  api_invoice_put, LISTENER_PUBLIC},
    {"PUT",    "/api/v1/renewals/{no}/account",                   ACCESS_RENEWAL, JSON, SMALL,  api_account_put, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/account/confirmation",      ACCESS_RENEWAL, JSON, SMALL,  api_account_confirm, LISTENER_PUBLIC},
    {"GET",    "/api/v1/renewals/{no}/order",                     ACCESS_RENEWAL, NULL, 0,      api_renewal_order, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/cancellation",              ACCESS_RENEWAL, JSON, SMALL,  api_renewal_cancel, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/correction",                ACCESS_PUBLIC,  BOTH, SIGNED, api_renewal_correction, LISTENER_PUBLIC},
    {"GET",    "/api/v1/renewals/{no}/application_form.pdf",      ACCESS_RENEWAL, NULL, 0,      api_application_form, LISTENER_PUBLIC},
    {"GET",    "/api/v1/renewals/{no}/materials",                 ACCESS_RENEWAL, NULL, 0,      api_material_list, LISTENER_PUBLIC},
    {"PUT",    "/api/v1/renewals/{no}/materials/{kind}",          ACCESS_RENEWAL, SCAN, UPLOAD, api_material_put, LISTENER_PUBLIC},
    {"DELETE", "/api/v1/renewals/{no}/materials/{kind}",          ACCESS_RENEWAL, NULL, 0,      api_material_remove, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/submission",                ACCESS_RENEWAL, JSON, SMALL,  api_draft_submit, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/phone_links",               ACCESS_RENEWAL, JSON, SMALL,  api_phone_link, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/liveness",                  ACCESS_RENEWAL, JSON, SMALL,  api_liveness, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/telecom",                   ACCESS_RENEWAL, JSON, SMALL,  api_telecom, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/payments",                  ACCESS_RENEWAL, JSON, SMALL,  api_payment_open, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/payments/{attempt}/refresh", ACCESS_RENEWAL, JSON, SMALL, api_payment_refresh, LISTENER_PUBLIC},
    {"GET",    "/api/v1/renewals/{no}/transfers",                 ACCESS_RENEWAL, NULL, 0,      api_transfer_list, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/transfers",                 ACCESS_RENEWAL, JSON, ITEMS,  api_transfer_declare, LISTENER_PUBLIC},
    {"DELETE", "/api/v1/renewals/{no}/transfers/{id}",            ACCESS_RENEWAL, NULL, 0,      api_transfer_remove, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/transfers/verification",    ACCESS_RENEWAL, JSON, SMALL,  api_transfer_verify, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/credit",                    ACCESS_RENEWAL, JSON, SMALL,  api_credit_use, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/certificate",               ACCESS_PUBLIC,  BOTH, SIGNED, api_certificate_fetch, LISTENER_PUBLIC},
    {"POST",   "/api/v1/renewals/{no}/certificate/acknowledgement", ACCESS_RENEWAL, JSON, SMALL, api_certificate_acknowledge, LISTENER_PUBLIC},

    {"POST",   "/api/v1/phone/opening",                           ACCESS_PHONE,   JSON, SMALL,  api_phone_open, LISTENER_PUBLIC},
    {"GET",    "/api/v1/phone/tasks",                             ACCESS_PHONE,   NULL, 0,      api_phone_tasks, LISTENER_PUBLIC},
    {"PUT",    "/api/v1/phone/photos/{side}",                     ACCESS_PHONE,   PHOTO, UPLOAD, api_phone_photo, LISTENER_PUBLIC},
    {"POST",   "/api/v1/phone/liveness",                          ACCESS_PHONE,   JSON, SMALL,  api_phone_liveness, LISTENER_PUBLIC},
    {"POST",   "/api/v1/phone/completion",                        ACCESS_PHONE,   JSON, SMALL,  api_phone_finish, LISTENER_PUBLIC},
    {"GET",    "/identity/return",                                ACCESS_PUBLIC,  NULL, 0,      api_identity_return, LISTENER_PUBLIC},

    {"POST",   "/notify/wechat",                                  ACCESS_PUBLIC,  JSON, NOTICE, api_notify_wechat, LISTENER_PUBLIC},
    {"POST",   "/notify/alipay",                                  ACCESS_PUBLIC,  FORM, NOTICE, api_notify_alipay, LISTENER_PUBLIC},
    {"POST",   "/notify/unionpay",                                ACCESS_PUBLIC,  FORM, NOTICE, api_notify_unionpay, LISTENER_PUBLIC},
    {"POST",   "/return/unionpay",                                ACCESS_PUBLIC,  FORM, NOTICE, api_return_unionpay, LISTENER_PUBLIC},

    {"POST",   "/api/v1/portal/sms_codes",                        ACCESS_PUBLIC,  JSON, SMALL,  api_sms_code_request, LISTENER_PUBLIC},
    {"POST",   "/api/v1/portal/accounts",                         ACCESS_PUBLIC,  JSON, SMALL,  api_portal_register, LISTENER_PUBLIC},
    {"PUT",    "/api/v1/portal/password",                         ACCESS_PUBLIC,  JSON, SMALL,  api_portal_password, LISTENER_PUBLIC},
    {"POST",   "/api/v1/portal/sessions",                         ACCESS_PUBLIC,  JSON, SMALL,  api_portal_session_open, LISTENER_PUBLIC},
    {"GET",    "/api/v1/portal/sessions/current",                 ACCESS_PORTAL,  NULL, 0,      api_portal_session_get, LISTENER_PUBLIC},
    {"DELETE", "/api/v1/portal/sessions/current",                 ACCESS_PORTAL,  NULL, 0,      api_portal_session_close, LISTENER_PUBLIC},

    {"POST",   "/api/v1/staff/sessions",                          ACCESS_PUBLIC,  JSON, SMALL,  api_staff_session_open, LISTENER_STAFF},
    {"POST",   "/api/v1/staff/sessions/certificate",              ACCESS_PUBLIC,  JSON, SMALL,  api_staff_session_certificate, LISTENER_STAFF},
    {"GET",    "/api/v1/staff/sessions/current",                  ACCESS_STAFF,   NULL, 0,      api_staff_session_get, LISTENER_STAFF},
    {"DELETE", "/api/v1/staff/sessions/current",                  ACCESS_STAFF,   NULL, 0,      api_staff_session_close, LISTENER_STAFF},

    {"GET",    "/api/v1/staff/views",                             ACCESS_STAFF,   NULL, 0,      api_staff_views, LISTENER_STAFF},
    {"POST",   "/api/v1/staff/views",                             ACCESS_STAFF,   JSON, SMALL,  api_staff_view_add, LISTENER_STAFF},
    {"PUT",    "/api/v1/staff/views/{id}",                        ACCESS_STAFF,   JSON, SMALL,  api_staff_view_rename, LISTENER_STAFF},
    {"DELETE", "/api/v1/staff/views/{id}",                        ACCESS_STAFF,   NULL, 0,      api_staff_view_remove, LISTENER_STAFF},
    {"GET",    "/api/v1/staff/person",                            ACCESS_STAFF,   NULL, 0,      api_staff_person_get, LISTENER_STAFF},
    {"PUT",    "/api/v1/staff/person",                            ACCESS_STAFF,   JSON, SMALL,  api_staff_person_put, LISTENER_STAFF},
    {"POST",   "/api/v1/staff/enrolments",                        ACCESS_PUBLIC,  JSON, SMALL,  api_staff_enrol, LISTENER_STAFF},

    {"GET",    "/api/v1/admin/staff",                             ACCESS_STAFF,   NULL, 0,      api_admin_staff_list, LISTENER_STAFF},
    {"GET",    "/api/v1/admin/platforms",                         ACCESS_STAFF,   NULL, 0,      api_admin_platforms, LISTENER_STAFF},
    {"GET",    "/api/v1/admin/halts",                             ACCESS_STAFF,   NULL, 0,      api_admin_halts, LISTENER_STAFF},
    {"GET",    "/api/v1/admin/calendar",                          ACCESS_STAFF,   NULL, 0,      api_admin_calendar, LISTENER_STAFF},
    {"GET",    "/api/v1/admin/texts",                             ACCESS_STAFF,   NULL, 0,      api_admin_texts, LISTENER_STAFF},
    {"POST",   "/api/v1/admin/staff/{name}/disabling",            ACCESS_STAFF,   JSON, SMALL,  api_admin_staff_disable, LISTENER_STAFF},
    {"GET",    "/api/v1/admin/requests",                          ACCESS_STAFF,   NULL, 0,      api_admin_requests, LISTENER_STAFF},
    {"POST",   "/api/v1/admin/requests",                          ACCESS_STAFF,   JSON, ITEMS,  api_admin_ask, LISTENER_STAFF},
    {"POST",   "/api/v1/admin/requests/{id}/approval",            ACCESS_STAFF,   JSON, SMALL,  api_admin_approve, LISTENER_STAFF},
    {"POST",   "/api/v1/admin/requests/{id}/refusal",             ACCESS_STAFF,   JSON, SMALL,  api_admin_refuse, LISTENER_STAFF},
    {"GET",    "/api/v1/admin/prices/{platform}",                 ACCESS_STAFF,   NULL, 0,      api_admin_price_list, LISTENER_STAFF},
    {"POST",   "/api/v1/admin/prices/{platform}",                 ACCESS_STAFF,   JSON, ITEMS,  api_admin_price_ask, LISTENER_STAFF},
    {"GET",    "/api/v1/admin/prices/{platform}/versions",        ACCESS_STAFF,   NULL, 0,      api_admin_fee_versions, LISTENER_STAFF},

    {"GET",    "/api/v1/audit/events",                            ACCESS_STAFF,   NULL, 0,      api_audit_list, LISTENER_STAFF},
    {"GET",    "/api/v1/audit/events/{id}",                       ACCESS_STAFF,   NULL, 0,      api_audit_get, LISTENER_STAFF},
    {"GET",    "/api/v1/operations",                              ACCESS_STAFF,   NULL, 0,      api_operations, LISTENER_STAFF},

    {"GET",    "/api/v1/review/cases",                            ACCESS_STAFF,   NULL, 0,      api_review_list, LISTENER_STAFF},
    {"GET",    "/api/v1/review/counts",                           ACCESS_STAFF,   NULL, 0,      api_review_counts, LISTENER_STAFF},
    {"GET",    "/api/v1/review/figures",                          ACCESS_STAFF,   NULL, 0,      api_review_figures, LISTENER_STAFF},
    {"POST",   "/api/v1/review/next",                             ACCESS_STAFF,   JSON, SMALL,  api_review_next, LISTENER_STAFF},
    {"GET",    "/api/v1/review/cases/{no}",                       ACCESS_STAFF,   NULL, 0,      api_review_case, LISTENER_STAFF},
    {"GET",    "/api/v1/review/cases/{no}/materials/{kind}/{page}", ACCESS_STAFF, NULL, 0,      api_review_material, LISTENER_STAFF},
    {"POST",   "/api/v1/review/cases/{no}/claim",                 ACCESS_STAFF,   JSON, SMALL,  api_review_claim, LISTENER_STAFF},
    {"DELETE", "/api/v1/review/cases/{no}/claim",                 ACCESS_STAFF,   NULL, 0,      api_review_release, LISTENER_STAFF},
    {"POST",   "/api/v1/review/cases/{no}/reassignment",          ACCESS_STAFF,   JSON, SMALL,  api_review_reassign, LISTENER_STAFF},
    {"POST",   "/api/v1/review/cases/{no}/hold",                  ACCESS_STAFF,   JSON, SMALL,  api_review_hold, LISTENER_STAFF},
    {"DELETE", "/api/v1/review/cases/{no}/hold",                  ACCESS_STAFF,   NULL, 0,      api_review_resume, LISTENER_STAFF},
    {"POST",   "/api/v1/review/cases/{no}/sample",                ACCESS_STAFF,   JSON, SMALL,  api_review_sample, LISTENER_STAFF},
    {"POST",   "/api/v1/review/cases/{no}/unmasking",             ACCESS_STAFF,   JSON, SMALL,  api_review_unmask, LISTENER_STAFF},
    {"POST",   "/api/v1/review/cases/{no}/approval",              ACCESS_STAFF,   JSON, SMALL,  api_review_approve, LISTENER_STAFF},
    {"POST",   "/api/v1/review/cases/{no}/rejection",             ACCESS_STAFF,   JSON, SMALL,  api_review_reject, LISTENER_STAFF},
    {"POST",   "/api/v1/review/cases/{no}/return",                ACCESS_STAFF,   JSON, ITEMS,  api_review_return, LISTENER_STAFF},
    {"GET",    "/api/v1/review/mistakes",                         ACCESS_STAFF,   NULL, 0,      api_mistake_list, LISTENER_STAFF},
    {"POST",   "/api/v1/review/mistakes/{no}/assignment",         ACCESS_STAFF,   JSON, SMALL,  api_mistake_assign, LISTENER_STAFF},
    {"POST",   "/api/v1/review/mistakes/{no}/closing",            ACCESS_STAFF,   JSON, SMALL,  api_mistake_close, LISTENER_STAFF},
    {"GET",    "/api/v1/review/passes",                           ACCESS_STAFF,   NULL, 0,      api_pass_list, LISTENER_STAFF},
    {"POST",   "/api/v1/review/passes/{platform}/resumption",     ACCESS_STAFF,   JSON, SMALL,  api_pass_resume, LISTENER_STAFF},

    {"GET",    "/api/v1/finance/statements",                      ACCESS_STAFF,   NULL, 0,      api_statement_list, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/statements",                      ACCESS_STAFF,   BANK, IMPORT, api_statement_import, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/statements/{id}/lines",           ACCESS_STAFF,   NULL, 0,      api_statement_lines, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/lines",                           ACCESS_STAFF,   NULL, 0,      api_finance_lines, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/lines/{id}/candidates",           ACCESS_STAFF,   NULL, 0,      api_finance_candidates, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/orders",                          ACCESS_STAFF,   NULL, 0,      api_finance_orders, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/orders/{no}/candidates",          ACCESS_STAFF,   NULL, 0,      api_finance_order_candidates, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/matches",                         ACCESS_STAFF,   NULL, 0,      api_finance_matches, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/requests",                        ACCESS_STAFF,   NULL, 0,      api_finance_requests, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/requests",                        ACCESS_STAFF,   JSON, SMALL,  api_finance_ask, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/requests/{id}/approval",          ACCESS_STAFF,   JSON, SMALL,  api_finance_approve, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/requests/{id}/refusal",           ACCESS_STAFF,   JSON, SMALL,  api_finance_refuse, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/changes",                         ACCESS_STAFF,   NULL, 0,      api_finance_changes, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/changes/{id}/settlement",         ACCESS_STAFF,   JSON, SMALL,  api_finance_settle, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/ledger",                          ACCESS_STAFF,   NULL, 0,      api_ledger_balances, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/ledger/transfers",                ACCESS_STAFF,   NULL, 0,      api_ledger_transfers, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/ledger/postings/{id}",            ACCESS_STAFF,   NULL, 0,      api_ledger_posting, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/overview",                        ACCESS_STAFF,   NULL, 0,      api_finance_overview, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/payouts",                         ACCESS_STAFF,   NULL, 0,      api_finance_payout_list, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/payouts/export",                  ACCESS_STAFF,   JSON, SMALL,  api_finance_payouts, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/exports/{list}",                  ACCESS_STAFF,   NULL, 0,      api_finance_export, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/reconciliation",                  ACCESS_STAFF,   NULL, 0,      api_reconciliation_list, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/reconciliation/{day}/{rail}/run", ACCESS_STAFF,   JSON, SMALL,  api_reconciliation_run, LISTENER_STAFF},
    {"PUT",    "/api/v1/finance/reconciliation/{day}/{rail}/bill", ACCESS_STAFF,  BILL, BILLS, api_bill_upload, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/reconciliation/{day}/{rail}/payouts", ACCESS_STAFF, JSON, SMALL, api_settlement_book, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/differences",                     ACCESS_STAFF,   NULL, 0,      api_difference_list, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/differences.csv",                 ACCESS_STAFF,   NULL, 0,      api_difference_export, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/differences/{id}/assignment",     ACCESS_STAFF,   JSON, SMALL,  api_difference_assign, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/differences/{id}/resolution",     ACCESS_STAFF,   JSON, SMALL,  api_difference_resolve, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/clearing/{rail}",                 ACCESS_STAFF,   NULL, 0,      api_clearing_explain, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/reversals",                       ACCESS_STAFF,   NULL, 0,      api_reversal_list, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/reversals",                       ACCESS_STAFF,   JSON, SMALL,  api_reversal_ask, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/reversals/{id}/approval",         ACCESS_STAFF,   JSON, SMALL,  api_reversal_approve, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/reversals/{id}/refusal",          ACCESS_STAFF,   JSON, SMALL,  api_reversal_refuse, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/refunds",                         ACCESS_STAFF,   NULL, 0,      api_refund_list, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/refunds/{refund}/approval",       ACCESS_STAFF,   JSON, SMALL,  api_refund_approve, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/refunds/{refund}/refusal",        ACCESS_STAFF,   JSON, SMALL,  api_refund_refuse, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/refunds/{refund}/retry",          ACCESS_STAFF,   JSON, SMALL,  api_refund_retry, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/refunds/{refund}/payout",         ACCESS_STAFF,   JSON, SMALL,  api_refund_pay_out, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/orders/{no}/refunds",             ACCESS_STAFF,   JSON, SMALL,  api_refund_ask, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/invoices",                        ACCESS_STAFF,   NULL, 0,      api_finance_invoices, LISTENER_STAFF},
    {"GET",    "/api/v1/finance/orders/{no}/invoice",             ACCESS_STAFF,   NULL, 0,      api_order_invoice_records, LISTENER_STAFF},
    {"PUT",    "/api/v1/finance/orders/{no}/invoice",             ACCESS_STAFF,   JSON, SMALL,  api_order_invoice, LISTENER_STAFF},
    {"POST",   "/api/v1/finance/unknown/{number}/resolution",     ACCESS_STAFF,   JSON, SMALL,  api_unknown_resolve, LISTENER_STAFF},
};
/* clang-format on */

const size_t route_count = ARRAY_SIZE(routes);
