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
            ('xuqi_web', array['challenge_create', 'renewal_submit', 'renewal_progress', 'renewal_changes', 'notice_refuse',
                               'payment_settle', 'staff_credential', 'staff_session_open', 'staff_session_close',
                               'staff_session_get', 'review_list', 'review_case', 'review_claim', 'review_release',
                               'review_approve', 'review_reject', 'certificate_acknowledge', 'certificate_get',
                               'crl_current', 'renewal_eligibility', 'renewal_lookup', 'renewal_cancel',
                               'material_put', 'material_remove', 'material_list', 'draft_submit', 'review_material',
                               'application_form']),
            ('xuqi_jobs', array['payment_open', 'outbox_lease', 'outbox_finish', 'outbox_fail', 'message_facts',
                                'housekeeping']),
            ('xuqi_issuer', array['issuer_lease_take', 'issuance_begin', 'issuance_intend', 'issuance_record',
                                  'issuance_abandon', 'crl_due', 'crl_revoked', 'crl_record']),
            ('xuqi_admin', array['staff_add', 'staff_disable', 'certificate_import', 'certificate_revoke',
                                 'issuance_halt', 'issuance_release', 'schema_version', 'ledger_check'])
          ) as listed (role_name, procedures),
          unnest(procedures) as procedure_name
    loop
        -- Fails when there is no such function, or two of that name.
        execute format('grant execute on function xuqi.%I to %I', granted.procedure_name, granted.role_name);
    end loop;
end
$$;
