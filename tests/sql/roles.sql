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
    application_form
    certificate_acknowledge
    certificate_get
    challenge_create
    crl_current
    draft_submit
    identity_hurry
    identity_list
    material_list
    material_put
    material_remove
    notice_refuse
    payment_settle
    phone_link_create
    phone_link_finish
    phone_link_get
    phone_link_open
    phone_photo_put
    renewal_cancel
    renewal_changes
    renewal_eligibility
    renewal_lookup
    renewal_order
    renewal_progress
    renewal_submit
    review_approve
    review_case
    review_claim
    review_list
    review_material
    review_reject
    review_release
    staff_credential
    staff_session_close
    staff_session_get
    staff_session_open
    telecom_begin
$$));
select same('jobs', callable('xuqi_jobs'), listed($$
    housekeeping
    identity_again
    identity_decide
    identity_lease
    identity_manual
    identity_void
    liveness_begin
    liveness_open
    message_facts
    outbox_fail
    outbox_finish
    outbox_lease
    payment_open
$$));
select same('issuer', callable('xuqi_issuer'), listed($$
    crl_due
    crl_record
    crl_revoked
    issuance_abandon
    issuance_begin
    issuance_intend
    issuance_record
    issuer_lease_take
$$));
select same('admin', callable('xuqi_admin'), listed($$
    certificate_import
    certificate_revoke
    issuance_halt
    issuance_release
    ledger_check
    schema_version
    staff_add
    staff_disable
$$));
create role somebody login;
select same('anybody else', callable('somebody'), null);
select same('no right on any table or sequence', (select string_agg(rolname || ':' || relname, ' ')
    from pg_roles, pg_class
   where rolname in ('xuqi_web', 'xuqi_jobs', 'xuqi_issuer', 'xuqi_admin', 'somebody') and relnamespace = 'xuqi'::regnamespace
     and case when relkind in ('r', 'p', 'v') then has_table_privilege(rolname, pg_class.oid, 'select, insert, update, delete, truncate, references, trigger')
                                                   or has_any_column_privilege(rolname, pg_class.oid, 'select, insert, update, references')
              when relkind = 'S' then has_sequence_privilege(rolname, pg_class.oid, 'usage, select, update') end), null);
select same('nobody may create in the schema', (select string_agg(rolname, ' ') from pg_roles
    where rolname in ('xuqi_web', 'xuqi_jobs', 'xuqi_issuer', 'xuqi_admin', 'somebody') and has_schema_privilege(rolname, 'xuqi', 'create')), null);
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
      and (not prosecdef or array_remove(proconfig, 'plan_cache_mode=force_generic_plan') is distinct from array['search_path=xuqi, pg_temp'])), null);

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
    sha256('e'), 'sealed', 12, 20000, array['fee'], array[20000::bigint], array[1::bigint], 600, now() + interval '1 year', 'p', '1',
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
select 'not ok jobs settles' from xuqi.payment_settle('alipay', '', '', 1, now(), '', '', '');
select case :'LAST_ERROR_SQLSTATE' when '42501' then 'ok' else 'not ok' end || ' jobs settles no payment';
\c - xuqi_issuer
\set ON_ERROR_STOP off
select 'not ok issuer approves' from xuqi.review_approve('', '', '');
select case :'LAST_ERROR_SQLSTATE' when '42501' then 'ok' else 'not ok' end || ' issuer approves nothing';
