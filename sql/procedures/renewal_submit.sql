-- SPDX-License-Identifier: Apache-2.0
-- Takes a checked application: renewal, order, fee lines, invoice posting, message and audit event in one transaction.
-- Where materials or identity steps are required the renewal begins as a draft, without the message. A telecom check begins
-- by itself.
-- Safe to call again: the very same signed bytes get the renewal they made; any application for a certificate with an
-- open renewal gets that one. Racing submissions: one is created, the others are answered with it.
-- The price is taken here from the fee table in force, and held against what the applicant was shown (quote_take).
-- Outcomes: created, open, nonce_unknown, nonce_expired, nonce_used, certificate_revoked, certificate_renewed,
-- organisation_limit, price_absent, term_not_offered, quote_unknown, quote_changed (the last three with quote: what was
-- shown and what it is now; amount_fen, shown_fen). A nonce is used up by created and open only.
create or replace function xuqi.renewal_submit(
    in_nonce_digest bytea, in_platform text, in_platform_version text, in_certificate_fingerprint bytea,
    in_certificate_serial text, in_certificate_der bytea, in_certificate_not_after timestamptz, in_subject_der bytea,
    in_subject text, in_common_name text, in_organisation text, in_evidence_sha256 bytea, in_evidence_sealed bytea,
    in_term_months bigint, in_quote_version bigint, in_amount_shown bigint, in_tax_rate_permyriad bigint,
    in_new_not_after timestamptz, in_profile text, in_profile_version text, in_reviews_required bigint,
    in_account_verification text, in_agreement_id text,
    in_agreement_version text, in_agreement_sha256 text, in_client_version text, in_agent_name_masked text,
    in_agent_id_masked text, in_agent_mobile_masked text, in_agent_email_masked text, in_recipient_masked text,
    in_invoice_kind text, in_invoice_title text, in_invoice_tax_id text, in_personal_sealed bytea,
    in_agent_id_index bytea, in_agent_mobile_index bytea, in_open_per_organisation bigint,
    in_unpaid_close_days bigint, in_payment_methods text[],
    in_required_materials text[] default '{}', in_legal_person_id_index bytea default null,
    in_account_number_index bytea default null, in_form_fields text[] default '{}', in_form_shown text[] default '{}',
    in_warning_fields text[] default '{}', in_warning_codes text[] default '{}',
    in_recipient_mobile_index bytea default null,
    in_accepted_kinds text[] default '{}', in_accepted_ids text[] default '{}',
    in_accepted_versions text[] default '{}', in_accepted_sha256s text[] default '{}',
    in_client_address text default '',
    in_required_identity_steps text[] default '{}', in_agent_email_index bytea default null,
    out outcome text, out renewal_no text, out order_no text, out status text, out amount_fen bigint,
    out not_after timestamptz, out submitted_at timestamptz, out quote text, out shown_fen bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    nonce   challenge;
    payer   text;
    new_no  text;
    made_no text;
    price   record;
    drafted boolean := in_required_materials <> '{}' or in_required_identity_steps <> '{}';
begin
    select * into nonce from challenge where nonce_digest = in_nonce_digest for update;
    if nonce.nonce_digest is null then
        outcome := 'nonce_unknown';
        return;
    end if;
    if nonce.used_at is not null then
        select r.renewal_no into renewal_no from renewal as r
         where r.renewal_no = nonce.renewal_no
           and r.certificate_fingerprint = in_certificate_fingerprint
           and nonce.used_evidence = in_evidence_sha256;
        outcome := case when found then 'open' else 'nonce_used' end;
    elsif nonce.expires_at <= clock_timestamp() then
        outcome := 'nonce_expired';
    else
        if in_open_per_organisation > 0 and in_organisation <> '' then
            -- Counting needs the others to wait; only platforms with a limit pay for it.
            perform pg_advisory_xact_lock(hashtextextended('organisation:' || in_organisation, 0));
        end if;
        select v.outcome, v.renewal_no into outcome, renewal_no
          from renewal_verdict(in_certificate_fingerprint, in_organisation, in_platform,
                               in_open_per_organisation) as v;
    end if;
    if outcome is not null and outcome <> 'open' then
        return;
    end if;

    if renewal_no is null then
        select * into price from quote_take(in_platform, in_term_months, in_quote_version, in_amount_shown);
        if price.outcome is not null then
            outcome := price.outcome;
            quote := price.quote;
            amount_fen := price.amount_fen;
            shown_fen := price.shown_fen;
            return;
        end if;
        new_no := '01' || to_char(beijing(now()), 'YYYYMMDD') || lpad_growing(nextval('renewal_sequence'), 7);
        order_no := to_char(beijing(now()), 'YYYYMMDDHH24MISS') || '01' || lpad_growing(nextval('order_sequence'), 10);
        insert into renewal (
            renewal_no, status, platform, platform_version, certificate_fingerprint, certificate_serial,
            certificate_not_after, subject, organisation, term_months, amount_fen, tax_rate_permyriad, not_after,
            profile, profile_version, reviews_required, account_verification, order_no, unpaid_close_at, invoice_kind,
            invoice_title, invoice_tax_id, payment_methods, required_materials, quote_version,
            required_identity_steps)
        values (
            new_no, case when drafted then 'draft'::renewal_state else 'awaiting_payment' end,
            in_platform, in_platform_version, in_certificate_fingerprint, in_certificate_serial,
            in_certificate_not_after, in_subject, in_organisation, in_term_months,
            price.amount_fen, in_tax_rate_permyriad, in_new_not_after, in_profile, in_profile_version,
            in_reviews_required, in_account_verification, order_no,
            case when in_unpaid_close_days > 0 then now() + make_interval(days => in_unpaid_close_days::integer) end,
            in_invoice_kind, in_invoice_title, in_invoice_tax_id, in_payment_methods,
            in_required_materials, price.quote_version, in_required_identity_steps)
            on conflict (certificate_fingerprint)
                where status not in ('completed', 'rejected', 'cancelled', 'closed') do nothing
        returning renewal.renewal_no into made_no;
        if made_no is not null then
            insert into renewal_content (
                renewal_no, subject_der, common_name, certificate_der, evidence_sha256, evidence_sealed, agreement_id,
                agreement_version, agreement_sha256, client_version, agent_name_masked, agent_id_masked,
                agent_mobile_masked, agent_email_masked, recipient_masked, personal_sealed, agent_id_index,
                agent_mobile_index, legal_person_id_index, account_number_index, form_fields, form_shown,
                warning_fields, warning_codes, recipient_mobile_index, agent_email_index)
            values (
                new_no, in_subject_der, in_common_name, in_certificate_der, in_evidence_sha256, in_evidence_sealed,
                in_agreement_id, in_agreement_version, in_agreement_sha256, in_client_version, in_agent_name_masked,
                in_agent_id_masked, in_agent_mobile_masked, in_agent_email_masked, in_recipient_masked,
                in_personal_sealed, in_agent_id_index, in_agent_mobile_index, in_legal_person_id_index,
                in_account_number_index, in_form_fields, in_form_shown, in_warning_fields, in_warning_codes,
                in_recipient_mobile_index, in_agent_email_index);
            perform acceptance_keep(new_no, in_accepted_kinds, in_accepted_ids, in_accepted_versions,
                                    in_accepted_sha256s, in_client_address, in_evidence_sha256);
            payer := encode(fingerprint(in_platform, case when in_organisation = '' then in_subject
                                                          else in_organisation end), 'hex');
            perform order_create(order_no, new_no, price.amount_fen, payer, price.quote_version, in_term_months);
            if 'telecom' = any (in_required_identity_steps) then
                insert into identity_check (renewal_no, kind, state, next_look_at)
                values (new_no, 'telecom', 'open', clock_timestamp());
            end if;
            if not drafted then -- a draft's message comes with draft_submit
                perform enqueue('message', 'submitted', new_no);
            end if;
            outcome := 'created';
            renewal_no := new_no;
        else
            -- Somebody else's submission came first; if it has ended meanwhile, the caller tries again.
            select r.renewal_no into renewal_no from renewal as r
             where r.certificate_fingerprint = in_certificate_fingerprint
               and r.status not in ('completed', 'rejected', 'cancelled', 'closed');
            if not found then
                raise exception 'renewals of one certificate raced' using errcode = '40001';
            end if;
            outcome := 'open';
        end if;
    end if;
    if nonce.used_at is null then
        update challenge
           set used_at = now(), used_evidence = in_evidence_sha256, renewal_no = renewal_submit.renewal_no
         where nonce_digest = in_nonce_digest;
        insert into audit_event (actor, action, object, detail)
        values ('applicant', 'renewal.submit', renewal_no, outcome);
    end if;
    select r.order_no, r.status::text, r.amount_fen, r.not_after, r.submitted_at
      into strict order_no, status, amount_fen, not_after, submitted_at
      from renewal as r where r.renewal_no = renewal_submit.renewal_no;
end
$$;
