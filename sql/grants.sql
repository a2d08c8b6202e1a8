-- SPDX-License-Identifier: Apache-2.0
-- Who may call what. Loaded by deploy/migrate after the procedures, in the same transaction. Nobody has a right on any
-- table; what is not listed here is internal.

revoke all on all tables in schema xuqi from public, xuqi_web, xuqi_jobs, xuqi_issuer, xuqi_admin;
revoke all on all sequences in schema xuqi from public, xuqi_web, xuqi_jobs, xuqi_issuer, xuqi_admin;
revoke all on all functions in schema xuqi from public, xuqi_web, xuqi_jobs, xuqi_issuer, xuqi_admin;

do $$
declare
    granted record;
begin
    for granted in
        select *
          from (values
            ('xuqi_web', $list$
                account_confirm
                account_facts
                account_put
                agreement_publish
                application_form
                bank_search
                bill_upload
                certificate_acknowledge
                certificate_get
                challenge_create
                clearing_explain
                correction_begin
                correction_submit
                credit_use
                crl_current
                difference_assign
                difference_list
                difference_resolve
                draft_submit
                gateway_certificates
                finance_ask
                finance_candidates
                finance_decide
                finance_lines
                finance_matches
                finance_order_candidates
                finance_orders
                finance_requests
                identity_hurry
                identity_list
                match_again
                match_list
                material_list
                material_put
                material_remove
                metrics_get
                notice_ask
                notice_refuse
                order_invoice
                order_refunds
                payment_refresh
                payment_settle
                portal_certificate
                portal_credential
                portal_password_change
                portal_register
                portal_renewals
                portal_session_close
                portal_session_get
                portal_session_open
                portal_session_open_sms
                portal_token_present
                quote_get
                quote_missing
                phone_link_create
                phone_link_finish
                phone_link_get
                phone_link_open
                phone_photo_put
                refund_approve
                refund_ask
                refund_list
                refund_pay_out
                refund_refuse
                refund_retry
                refund_tell
                rail_look
                renewal_cancel
                renewal_changes
                renewal_eligibility
                renewal_invoice
                renewal_lookup
                renewal_order
                renewal_progress
                renewal_submit
                return_list
                reversal_ask
                reversal_decide
                reversal_list
                review_approve
                review_case
                review_claim
                review_list
                review_material
                review_reject
                review_release
                review_unmask
                settlement_book
                sms_code_request
                review_return
                staff_credential
                staff_refuse
                staff_session_close
                staff_session_get
                staff_session_open
                statement_append
                statement_begin
                statement_discard
                statement_finish
                statement_lines
                statement_list
                telecom_begin
                transfer_declare
                transfer_list
                transfer_remove
                transfer_sealed
                unknown_resolve
            $list$),
            ('xuqi_jobs', $list$
                gateway_certificate_put
                gateway_certificates
                bill_absent
                bill_due
                bill_get
                bill_keep
                bill_loaded
                bill_piece_get
                bill_piece_put
                bill_put
                bill_refuse
                bill_state
                housekeeping
                identity_again
                identity_decide
                identity_lease
                identity_manual
                identity_void
                liveness_begin
                liveness_open
                match_run
                message_facts
                notice_refuse
                outbox_fail
                outbox_finish_each
                outbox_lease
                payment_open
                payout_begin
                payout_send
                payout_unsent
                payout_word
                portal_tidy
                rail_look
                rail_note
                retention_erase
                sms_code_due
                statement_match
                payment_query_begin
                payment_query_end
                payment_settle
                transfer_verify
                transfer_waiting
                refund_begin
                refund_end
            $list$),
            ('xuqi_issuer', $list$
                crl_due
                crl_record
                crl_revoked
                issuance_abandon
                issuance_begin
                issuance_begin_portal
                issuance_intend
                issuance_record
                issuer_lease_take
            $list$),
            ('xuqi_admin', $list$
                bank_import
                collecting_account_list
                collecting_account_publish
                bill_keep
                bill_loaded
                bill_piece_put
                bill_put
                bill_refuse
                certificate_import
                certificate_revoke
                clearing_explain
                issuance_halt
                issuance_release
                ledger_accounts
                ledger_close
                ledger_verify
                payout_decide
                payout_list
                match_run
                match_show
                portal_account_bind
                platform_fees
                platform_load
                schema_version
                seal_note
                seal_places
                seal_replace
                seal_stale
                staff_add
                staff_disable
                statement_append
                statement_begin_admin
                statement_discard
                statement_finish_admin
                subject_erase
                subject_export
            $list$)
          ) as listed (role_name, procedures),
          regexp_split_to_table(trim(procedures, E' \n'), E'\\s+') as procedure_name
    loop
        -- Fails when there is no such function, or two of that name.
        execute format('grant execute on function xuqi.%I to %I', granted.procedure_name, granted.role_name);
    end loop;
end
$$;
