-- SPDX-License-Identifier: Apache-2.0
-- Keeps a correction, signed with the key of the certificate or made in a session of the account that submitted: one more
-- row, nothing is overwritten. All fields named are given at once or were given in this return before; documents may
-- follow, since the form to be signed shows what was corrected. A correction that makes the agent another person ends the
-- checks that are under way and begins the telecom check anew; those decided before do not stand for him. With nothing
-- missing any more the renewal goes back to its review. Safe to call again: the very same bytes answer as things are by
-- now.
-- Outcomes: corrected (it awaits its review), kept (missing names the documents and identity checks that are still to
-- come), stale (built upon what is not the present state: begin again), nonce_unknown, nonce_expired, nonce_used,
-- renewal_state, correction_unexpected, correction_incomplete, material_missing, identity_missing, rate_limited (20
-- corrections of one return that do not complete it), and those of correction_refusal.
create or replace function xuqi.correction_submit(
    in_nonce_digest bytea, in_renewal_no text, in_certificate_fingerprint bytea, in_evidence_sha256 bytea,
    in_evidence_sealed bytea, in_round bigint, in_number bigint, in_names text[], in_old_masked text[],
    in_new_masked text[], in_changed bigint[], in_personal_sealed bytea, in_agent_name_masked text,
    in_agent_id_masked text, in_agent_mobile_masked text, in_agent_email_masked text, in_recipient_masked text,
    in_agent_id_index bytea, in_agent_mobile_index bytea, in_legal_person_id_index bytea,
    in_account_number_index bytea, in_form_fields text[], in_form_shown text[], in_invoice_title text,
    in_invoice_tax_id text, in_recipient_mobile_index bytea default null,
    in_portal_token_digest bytea default null, in_agent_email_index bytea default null,
    out outcome text, out status text, out missing text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    nonce challenge;
    r     renewal;
    named text[];
    last  bigint;
    kept  bigint;
    other boolean := exists (select from unnest(in_names, in_changed) as given (name, changed)
                              where given.changed <> 0 and given.name = any (identity_fields()));
begin
    select * into nonce from challenge where nonce_digest = in_nonce_digest for update;
    select * into r from renewal where renewal_no = in_renewal_no for update;
    status := r.status::text;
    missing := correction_missing(in_renewal_no, in_names, other);
    select o.named into named from return_open(in_renewal_no) as o;
    select coalesce(max(number), 0), count(*) filter (where round = r.returns) into last, kept
      from correction where renewal_no = in_renewal_no;
    outcome := correction_refusal(r, in_certificate_fingerprint, in_portal_token_digest);
    if outcome is null
       and exists (select from correction where renewal_no = in_renewal_no and evidence_sha256 = in_evidence_sha256) then
        missing := correction_missing(in_renewal_no, '{}', false);
        outcome := case when r.status = 'returned' then 'kept' else 'corrected' end;
        return;
    end if;
    outcome := case
        when nonce.nonce_digest is null then 'nonce_unknown'
        when nonce.used_at is not null then 'nonce_used'
        when nonce.expires_at <= clock_timestamp() then 'nonce_expired'
        when outcome is not null then outcome
        when r.status <> 'returned' then 'renewal_state'
        when in_round <> r.returns or in_number <> last then 'stale'
        when not in_names <@ named then 'correction_unexpected'
        when missing ~ '(^| )(?!materials[.]|identity[.])' and missing <> '' then 'correction_incomplete'
        when in_names = '{}' and missing like '%materials.%' then 'material_missing'
        when in_names = '{}' and missing <> '' then 'identity_missing'
        when kept >= 20 and missing <> '' then 'rate_limited' end;
    if outcome is not null then
        return;
    end if;

    insert into correction (
        renewal_no, number, round, evidence_sha256, evidence_sealed, personal_sealed, agent_name_masked,
        agent_id_masked, agent_mobile_masked, agent_email_masked, recipient_masked, agent_id_index, agent_mobile_index,
        legal_person_id_index, account_number_index, form_fields, form_shown, invoice_title, invoice_tax_id,
        recipient_mobile_index, agent_email_index)
    values (in_renewal_no, last + 1, r.returns, in_evidence_sha256, in_evidence_sealed, in_personal_sealed,
            in_agent_name_masked, in_agent_id_masked, in_agent_mobile_masked, in_agent_email_masked,
            in_recipient_masked, in_agent_id_index, in_agent_mobile_index, in_legal_person_id_index,
            in_account_number_index, in_form_fields, in_form_shown, in_invoice_title, in_invoice_tax_id,
            in_recipient_mobile_index, in_agent_email_index);
    insert into correction_field (renewal_no, number, name, old_masked, new_masked, changed)
    select in_renewal_no, last + 1, given.name, given.before, given.after, given.changed <> 0
      from unnest(in_names, in_old_masked, in_new_masked, in_changed) as given (name, before, after, changed);
    if other then
        update identity_check
           set state = 'void', reason = 'corrected', decided_at = clock_timestamp(), next_look_at = null,
               lease_until = null, token_sealed = null, url_sealed = null
         where renewal_no = in_renewal_no and state in ('asking', 'open');
        insert into identity_check (renewal_no, kind, state, next_look_at)
        select in_renewal_no, 'telecom', 'open', clock_timestamp() where 'telecom' = any (r.required_identity_steps);
    end if;
    if missing = '' then
        update phone_link set ended_at = clock_timestamp(), ended_by = 'submission'
         where renewal_no = in_renewal_no and ended_at is null;
    end if;
    perform portal_session_touch(seat) from portal_seat(in_portal_token_digest) as seat;
    update challenge set used_at = now(), used_evidence = in_evidence_sha256, renewal_no = in_renewal_no
     where nonce_digest = in_nonce_digest;
    update renewal
       set invoice_title = in_invoice_title, invoice_tax_id = in_invoice_tax_id,
           status = case when missing = '' then 'awaiting_review'::renewal_state else 'returned' end,
           remind_at = case when missing = '' then null else remind_at end
     where renewal_no = in_renewal_no
    returning renewal.status::text into status;
    insert into audit_event (actor, action, object, detail)
    values ('applicant', 'renewal.correct', in_renewal_no, concat_ws(' ', variadic in_names));
    outcome := case when missing = '' then 'corrected' else 'kept' end;
end
$$;
