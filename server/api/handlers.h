/* SPDX-License-Identifier: Apache-2.0 */
/* The handlers that server/routes.c lists, by the file they live in. Each decodes, checks, makes one store call and
 * replies from its callback. */
#pragma once

#include "edge/request.h"

/* health.c */
enum err api_health_alive(struct request *req);
enum err api_health_ready(struct request *req);

/* metrics.c */
enum err api_health_metrics(struct request *req);

/* ca.c */
enum err api_ca_crl(struct request *req);
enum err api_ca_issuing(struct request *req);
enum err api_ca_root(struct request *req);

/* bank.c */
enum err api_bank_search(struct request *req);

/* platform.c */
enum err api_platform_list(struct request *req);
enum err api_platform_get(struct request *req);

/* eligibility.c */
enum err api_eligibility(struct request *req);

/* challenge.c */
enum err api_challenge_create(struct request *req);

/* renewal_submit.c */
enum err api_renewal_submit(struct request *req);

/* renewal_lookup.c */
enum err api_renewal_lookup(struct request *req);

/* renewal_progress.c */
enum err api_renewal_progress(struct request *req);

/* renewal_events.c */
enum err api_renewal_events(struct request *req);

/* invoice.c */
enum err api_invoice_put(struct request *req);

/* account.c */
enum err api_account_put(struct request *req);
enum err api_account_confirm(struct request *req);

/* order.c */
enum err api_renewal_order(struct request *req);

/* renewal_cancel.c */
enum err api_renewal_cancel(struct request *req);

/* renewal_correction.c */
enum err api_renewal_correction(struct request *req);

/* application_form.c */
enum err api_application_form(struct request *req);

/* material.c */
enum err api_material_list(struct request *req);
enum err api_material_put(struct request *req);
enum err api_material_remove(struct request *req);
enum err api_draft_submit(struct request *req);

/* phone_link.c */
enum err api_phone_link(struct request *req);

/* identity.c */
enum err api_liveness(struct request *req);
enum err api_telecom(struct request *req);
enum err api_identity_return(struct request *req);

/* payment.c */
enum err api_payment_open(struct request *req);
enum err api_payment_refresh(struct request *req);

/* transfer.c */
enum err api_transfer_list(struct request *req);
enum err api_transfer_declare(struct request *req);
enum err api_transfer_remove(struct request *req);
enum err api_transfer_verify(struct request *req);
enum err api_credit_use(struct request *req);

/* certificate.c */
enum err api_certificate_fetch(struct request *req);
enum err api_certificate_acknowledge(struct request *req);

/* phone.c */
enum err api_phone_open(struct request *req);
enum err api_phone_tasks(struct request *req);
enum err api_phone_photo(struct request *req);
enum err api_phone_liveness(struct request *req);
enum err api_phone_finish(struct request *req);

/* notify_wechat.c */
enum err api_notify_wechat(struct request *req);

/* notify_alipay.c */
enum err api_notify_alipay(struct request *req);

/* notify_unionpay.c */
enum err api_notify_unionpay(struct request *req);
enum err api_return_unionpay(struct request *req);

/* sms_code.c */
enum err api_sms_code_request(struct request *req);

/* portal_account.c */
enum err api_portal_register(struct request *req);
enum err api_portal_password(struct request *req);

/* portal_session.c */
enum err api_portal_session_open(struct request *req);
enum err api_portal_session_get(struct request *req);
enum err api_portal_session_close(struct request *req);

/* admin_platform.c, admin_price.c, admin_reads.c, admin_request.c, admin_staff.c */
enum err api_admin_platforms(struct request *req);
enum err api_admin_fee_versions(struct request *req);
enum err api_admin_halts(struct request *req);
enum err api_admin_calendar(struct request *req);
enum err api_admin_texts(struct request *req);
enum err api_admin_price_list(struct request *req);
enum err api_admin_price_ask(struct request *req);
enum err api_admin_requests(struct request *req);
enum err api_admin_ask(struct request *req);
enum err api_admin_approve(struct request *req);
enum err api_admin_refuse(struct request *req);
enum err api_admin_staff_list(struct request *req);
enum err api_admin_staff_disable(struct request *req);

/* audit.c, operations.c */
enum err api_audit_list(struct request *req);
enum err api_audit_get(struct request *req);
enum err api_operations(struct request *req);

/* staff_enrolment.c */
enum err api_staff_enrol(struct request *req);

/* staff_certificate.c */
enum err api_staff_session_certificate(struct request *req);

/* staff_person.c */
enum err api_staff_person_get(struct request *req);
enum err api_staff_person_put(struct request *req);

/* staff_session.c */
enum err api_staff_session_open(struct request *req);
enum err api_staff_session_get(struct request *req);
enum err api_staff_session_close(struct request *req);
enum err api_staff_views(struct request *req);
enum err api_staff_view_add(struct request *req);
enum err api_staff_view_rename(struct request *req);
enum err api_staff_view_remove(struct request *req);

/* review_queue.c */
enum err api_review_list(struct request *req);
enum err api_review_counts(struct request *req);

/* review_claim.c */
enum err api_review_claim(struct request *req);
enum err api_review_next(struct request *req);
enum err api_review_release(struct request *req);
enum err api_review_reassign(struct request *req);
enum err api_review_hold(struct request *req);
enum err api_review_resume(struct request *req);
enum err api_review_sample(struct request *req);
enum err api_mistake_list(struct request *req);
enum err api_mistake_assign(struct request *req);
enum err api_mistake_close(struct request *req);
enum err api_pass_list(struct request *req);
enum err api_pass_resume(struct request *req);

/* review_figures.c */
enum err api_review_figures(struct request *req);

/* review.c */
enum err api_review_case(struct request *req);
enum err api_review_approve(struct request *req);
enum err api_review_reject(struct request *req);

/* review_material.c */
enum err api_review_material(struct request *req);

/* review_unmask.c */
enum err api_review_unmask(struct request *req);

/* review_return.c */
enum err api_review_return(struct request *req);

/* statement_list.c */
enum err api_statement_list(struct request *req);
enum err api_statement_lines(struct request *req);

/* statement.c */
enum err api_statement_import(struct request *req);

/* finance.c */
enum err api_finance_lines(struct request *req);
enum err api_finance_candidates(struct request *req);
enum err api_finance_orders(struct request *req);
enum err api_finance_order_candidates(struct request *req);
enum err api_finance_matches(struct request *req);
enum err api_finance_requests(struct request *req);
enum err api_finance_export(struct request *req);

/* finance_request.c */
enum err api_finance_ask(struct request *req);
enum err api_finance_changes(struct request *req);
enum err api_finance_overview(struct request *req);
enum err api_finance_payout_list(struct request *req);
enum err api_ledger_balances(struct request *req);
enum err api_ledger_posting(struct request *req);
enum err api_ledger_transfers(struct request *req);
enum err api_finance_settle(struct request *req);
enum err api_finance_payouts(struct request *req);
enum err api_finance_approve(struct request *req);
enum err api_finance_refuse(struct request *req);

/* reversal.c */
enum err api_reversal_list(struct request *req);
enum err api_reversal_ask(struct request *req);
enum err api_reversal_approve(struct request *req);
enum err api_reversal_refuse(struct request *req);

/* reconciliation.c */
enum err api_reconciliation_list(struct request *req);
enum err api_reconciliation_run(struct request *req);
enum err api_bill_upload(struct request *req);
enum err api_settlement_book(struct request *req);
enum err api_clearing_explain(struct request *req);

/* difference.c */
enum err api_difference_list(struct request *req);
enum err api_difference_export(struct request *req);
enum err api_difference_assign(struct request *req);
enum err api_difference_resolve(struct request *req);

/* refund.c */
enum err api_refund_list(struct request *req);
enum err api_refund_approve(struct request *req);
enum err api_refund_refuse(struct request *req);
enum err api_refund_retry(struct request *req);
enum err api_refund_pay_out(struct request *req);
enum err api_refund_ask(struct request *req);

/* finance_invoice.c */
enum err api_finance_invoices(struct request *req);
enum err api_order_invoice_records(struct request *req);
enum err api_order_invoice(struct request *req);

/* resolution.c */
enum err api_unknown_resolve(struct request *req);
