-- SPDX-License-Identifier: Apache-2.0
-- Erases a renewal's personal data: what was sealed, the blind indexes, the masks, the documents, the address of the
-- acceptance; of one that was never paid also the buyer of its invoice. Ledger, certificate, approvals, audit trail and
-- what was accepted stay. The caller has checked that it may go. Safe to call again. Internal.
create or replace function xuqi.renewal_erase(in_renewal_no text, in_class text, in_actor text, in_reason text)
returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    perform from renewal where renewal_no = in_renewal_no for update;
    insert into erasure (renewal_no, class, actor, reason, content_hash)
    values (in_renewal_no, in_class, in_actor, in_reason, renewal_content_hash(in_renewal_no))
        on conflict (renewal_no) do nothing;
    if not found then
        return;
    end if;
    update renewal_content
       set evidence_sealed = '', personal_sealed = '', agent_id_index = null, agent_mobile_index = null,
           recipient_mobile_index = null, agent_email_index = null, legal_person_id_index = null, account_number_index = null,
           form_fields = '{}', form_shown = '{}', agent_name_masked = '', agent_id_masked = '', agent_mobile_masked = '',
           agent_email_masked = '', recipient_masked = ''
     where renewal_no = in_renewal_no;
    update correction
       set evidence_sealed = '', personal_sealed = '', agent_id_index = null, agent_mobile_index = null,
           recipient_mobile_index = null, agent_email_index = null, legal_person_id_index = null, account_number_index = null,
           form_fields = '{}', form_shown = '{}', agent_name_masked = '', agent_id_masked = '',
           agent_mobile_masked = '', agent_email_masked = '', recipient_masked = ''
     where renewal_no = in_renewal_no;
    update correction_field set old_masked = '', new_masked = '' where renewal_no = in_renewal_no;
    update identity_check set answer_sealed = null, token_sealed = null, url_sealed = null
     where renewal_no = in_renewal_no;
    update declared_transfer
       set payer_sealed = '', payer_account_index = null, payer_account_masked = '', payer_name_masked = '',
           content_index = sha256(convert_to('erased ' || id, 'UTF8')), removed_at = case state when 'matched' then null
                                                                              else coalesce(removed_at, now()) end
     where renewal_no = in_renewal_no;
    update account_verification set account_sealed = null, account_masked = '' where renewal_no = in_renewal_no;
    update payout set payee_sealed = null, payee_masked = '' where renewal_no = in_renewal_no;
    update material_replaced set sealed = '' where renewal_no = in_renewal_no;
    delete from material where renewal_no = in_renewal_no;
    update reason set words = '', salt = '', erased_at = now() where object = in_renewal_no and erased_at is null;
    update unmasking set reason = '' where renewal_no = in_renewal_no;
    update acceptance set client_address = '' where renewal_no = in_renewal_no;
    update renewal
       set erased_at = now(),
           invoice_title = case in_class when 'unpaid' then '' else invoice_title end,
           invoice_tax_id = case in_class when 'unpaid' then '' else invoice_tax_id end
     where renewal_no = in_renewal_no;
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'personal.erase', in_renewal_no, in_class || ': ' || case in_actor when 'system' then in_reason
                else reason_keep(in_actor, 'erasure of ' || in_renewal_no, in_reason) end);
end
$$;
