-- SPDX-License-Identifier: Apache-2.0
-- Each role may call its own procedures and nothing else; nobody who can log in touches a table.
set search_path = story;

create function story.callable(role_name text) returns text language sql as $$
    select string_agg(proname, ' ' order by proname) from pg_proc
     where pronamespace = 'xuqi'::regnamespace and has_function_privilege(role_name, oid, 'execute')
$$;
-- One procedure a line, sorted here as there.
create function story.listed(names text) returns text language sql as $$
    select string_agg(name, ' ' order by name) from regexp_split_to_table(trim(names, E' \n'), E'\\s+') as name
$$;
select same('web', callable('xuqi_web'), listed($$
    account_confirm
    account_facts
    account_put
    admin_ask
    admin_decide
    admin_platforms
    admin_requests
    agreement_list
    agreement_publish
    application_form
    audit_event_get
    audit_list
    bank_search
    bill_upload
    calendar_list
    certificate_acknowledge
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
    finance_change_ask
    finance_changes
    finance_decide
    finance_invoices
    finance_lines
    finance_matches
    finance_order_candidates
    finance_orders
    finance_overview
    finance_payouts
    finance_requests
    identity_hurry
    identity_list
    issuance_halts
    match_again
    match_list
    ledger_balances
    ledger_evidence
    ledger_legs
    ledger_posting
    ledger_transfers
    material_list
    material_put
    material_remove
    metrics_get
    mistake_assign
    mistake_close
    mistake_list
    notice_ask
    notice_refuse
    operations_get
    order_invoice
    order_invoice_records
    order_refunds
    pass_list
    pass_resume
    payment_refresh
    payment_settle
    payout_export
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
    price_ask
    price_list
    price_versions
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
    review_counts
    review_desk
    review_figures
    review_hold
    review_list
    review_material
    review_next
    review_reassign
    review_reject
    review_release
    review_resume
    review_rules_publish
    review_sample_look
    review_unmask
    settlement_book
    sms_code_request
    sms_code_tries_left
    review_return
    staff_credential
    staff_enrol
    staff_enrolment
    staff_export
    staff_list
    staff_own_credential
    staff_person_change
    staff_person_get
    staff_refuse
    staff_session_close
    staff_session_get
    staff_session_open
    staff_session_open_certificate
    staff_stop
    staff_view_add
    staff_view_list
    staff_view_remove
    staff_view_rename
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
$$));
select same('jobs', callable('xuqi_jobs'), listed($$
    funnel_count
    gateway_certificate_put
    gateway_certificates
    audit_seal
    audit_timestamp_due
    audit_timestamp_record
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
    payout_line
    payout_lines
    payout_send
    payout_unsent
    payout_word
    portal_tidy
    rail_look
    rail_note
    retention_erase
    sms_code_due
    statement_link_balance
    statement_link_begin
    statement_link_due
    statement_link_fault
    statement_link_page
    statement_match
    statement_portions
    payment_query_begin
    payment_query_end
    payment_settle
    transfer_verify
    transfer_waiting
    refund_begin
    refund_end
$$));
select same('issuer', callable('xuqi_issuer'), listed($$
    audit_checkpoint_record
    audit_head
    audit_leaves
    audit_range
    crl_due
    crl_record
    crl_revoked
    issuance_abandon
    issuance_begin
    issuance_begin_portal
    issuance_intend
    issuance_record
    issuer_lease_take
$$));
select same('admin', callable('xuqi_admin'), listed($$
    audit_between
    audit_checkpoints
    audit_export
    audit_head
    audit_nodes
    audit_prove
    audit_sealed
    audit_stamped
    audit_unsealed
    bank_import
    collecting_account_list
    collecting_account_publish
    bill_keep
    bill_loaded
    bill_piece_put
    bill_put
    bill_refuse
    calendar_import
    certificate_import
    certificate_revoke
    clearing_explain
    evidence_events
    evidence_files
    issuance_halt
    issuance_release
    payout_decide
    payout_list
    ledger_accounts
    ledger_close
    ledger_verify
    match_run
    match_show
    portal_account_bind
    platform_fees
    platform_load
    seal_note
    seal_places
    seal_replace
    seal_stale
    staff_add
    staff_certificate_add
    staff_disable
    staff_person_put
    staff_review
    statement_append
    statement_begin_admin
    statement_discard
    statement_finish_admin
    statement_links
    subject_erase
    subject_export
$$));
select same('anybody else', callable('public'), null);
select same('no right on any table or sequence', (select string_agg(rolname || ':' || relname, ' ')
    from unnest(array['xuqi_web', 'xuqi_jobs', 'xuqi_issuer', 'xuqi_admin', 'public']) as rolname, pg_class
   where relnamespace = 'xuqi'::regnamespace
     and case when relkind in ('r', 'p', 'v') then has_table_privilege(rolname, pg_class.oid, 'select, insert, update, delete, truncate, references, trigger')
                                                   or has_any_column_privilege(rolname, pg_class.oid, 'select, insert, update, references')
              when relkind = 'S' then has_sequence_privilege(rolname, pg_class.oid, 'usage, select, update') end), null);
select same('nobody may create in the schema', (select string_agg(rolname, ' ')
    from unnest(array['xuqi_web', 'xuqi_jobs', 'xuqi_issuer', 'xuqi_admin', 'public']) as rolname where has_schema_privilege(rolname, 'xuqi', 'create')), null);
select same('nobody is a member of another or has an attribute', (select string_agg(r.rolname, ' ') from pg_roles r
    where rolname like 'xuqi\_%' and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
          or exists (select from pg_auth_members m where m.member = r.oid))), null);
select same('the owner cannot log in', (select rolcanlogin::text from pg_roles where rolname = 'xuqi_owner'), 'false');
select same('everything has the one owner', (select string_agg(distinct relowner::regrole::text, ' ') from pg_class
    where relnamespace = 'xuqi'::regnamespace) || ' ' || (select string_agg(distinct proowner::regrole::text, ' ') from pg_proc where pronamespace = 'xuqi'::regnamespace), 'xuqi_owner xuqi_owner');
select same('every procedure of a role runs as the owner with a fixed path', (select string_agg(proname, ' ') from pg_proc
    where pronamespace = 'xuqi'::regnamespace
      and exists (select from unnest(array['xuqi_web', 'xuqi_jobs', 'xuqi_issuer', 'xuqi_admin']) as role_name
                   where has_function_privilege(role_name, oid, 'execute'))
      and (not prosecdef or array(select setting from unnest(proconfig) as setting -- what only steers the planner may stand beside it
                                where setting !~ '^(plan_cache_mode|enable_[a-z]+)=') is distinct from array['search_path=xuqi, pg_temp'])), null);

\c - xuqi_web
\set ON_ERROR_STOP off
select 'not ok web reads a table' from xuqi.renewal;
\if :ERROR
select case :'LAST_ERROR_SQLSTATE' when '42501' then 'ok' else 'not ok' end || ' web reads no table';
\endif
select 'not ok web intends' from xuqi.issuer_lease_take('web', 10);
select case :'LAST_ERROR_SQLSTATE' when '42501' then 'ok' else 'not ok' end || ' web takes no issuer''s lease';
set role xuqi_owner;
select case :'LAST_ERROR_SQLSTATE' when '42501' then 'ok' else 'not ok' end || ' web does not become the owner';
create temporary table renewal (renewal_no text);
select 'ok web is answered by the true tables' where not exists (select from xuqi.renewal_progress('01'));
select case when xuqi.challenge_create(sha256('web'), 300) > now() then 'ok' else 'not ok' end || ' web makes challenges';
-- What runs at commit, outside of the procedure, works in the session of who logged in as well.
select outcome || ' ' || renewal_no as submitted, renewal_no as no from xuqi.renewal_submit(
    sha256('web'), 'sz-consumables', 'v', sha256('c'), 'c0ffee', 'der', now() + interval '30 days', '\x3000', 'CN=c', 'c', 'o',
    sha256('e'), 'sealed', 12, 0, 20000, 600, now() + interval '1 year', 'p', '1',
    1, 'never', 'a', '1', repeat('0', 64), '4.2.0', '', '', '', '', '', '', '', '', 'sealed', sha256('i'), sha256('m'), 0, 30,
    array['alipay']) \gset
select case when :'submitted' like 'created 01%' then 'ok' else 'not ok ' || :'submitted' end || ' web submits for somebody';
\c - xuqi_jobs
select outcome as opened, attempt_no as attempt from xuqi.payment_open(:'no', 'alipay', 1800) \gset
select case :'opened' when 'opened' then 'ok' else 'not ok' end || ' jobs opens a payment';
\c - xuqi_web
select case outcome when 'settled' then 'ok' else 'not ok ' || outcome end || ' web settles it'
  from xuqi.payment_settle('alipay', :'attempt', 'txn', 20000, now(), '', 'raw', 'key');
\c - xuqi_jobs
\set ON_ERROR_STOP off
select case outcome when 'replayed' then 'ok' else 'not ok ' || outcome end || ' jobs settles what an answer said'
  from xuqi.payment_settle('alipay', :'attempt', 'txn', 20000, now(), '', 'answer', 'key');
select 'not ok jobs keeps a notice' from xuqi.notice_ask('alipay', '', '', 1, now(), '', '', '');
select case :'LAST_ERROR_SQLSTATE' when '42501' then 'ok' else 'not ok' end || ' jobs receives no notice';
\c - xuqi_issuer
\set ON_ERROR_STOP off
select 'not ok issuer approves' from xuqi.review_approve('', '', '');
select case :'LAST_ERROR_SQLSTATE' when '42501' then 'ok' else 'not ok' end || ' issuer approves nothing';
