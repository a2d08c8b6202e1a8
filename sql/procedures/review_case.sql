-- SPDX-License-Identifier: Apache-2.0
-- Everything a reviewer sees of a case, with the hash of exactly that. Personal data only masked, as corrected
-- last; the form's further fields and the warnings one a line. Reads only.
-- Outcomes: ok, unauthenticated, forbidden, platform_forbidden, renewal_unknown.
create or replace function xuqi.review_case(
    in_token_digest bytea, in_renewal_no text,
    out outcome text, out renewal_no text, out status text, out platform text, out subject text,
    out common_name text, out organisation text, out certificate_serial text, out old_not_after timestamptz,
    out not_after timestamptz, out term_months bigint, out amount_fen bigint, out order_no text,
    out submitted_at timestamptz, out paid_at timestamptz, out gateway text, out gateway_txn text,
    out agreement_id text, out agreement_version text, out client_version text, out agent_name_masked text,
    out agent_id_masked text, out agent_mobile_masked text, out agent_email_masked text, out recipient_masked text,
    out invoice_kind text, out invoice_title text, out invoice_tax_id text, out profile text,
    out evidence_sha256 bytea, out claimed_by text, out claimed_at timestamptz, out claimed_until timestamptz,
    out claimed_by_me boolean, out content_hash bytea, out reviews_required bigint, out approvals_done bigint,
    out approved_by_me boolean, out rejection_code text, out rejection_text text, out decided_at timestamptz,
    out form_fields text, out form_shown text, out warning_fields text, out warning_codes text, out version bigint,
    out risk text, out review_since timestamptz, out review_due timestamptz, out held_by text,
    out held_until timestamptz, out held_reason text, out second_claimed_by text,
    out second_claimed_until timestamptz, out parallel boolean)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_case(in_token_digest, in_renewal_no);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    select 'ok', r.renewal_no, r.status::text, r.platform, r.subject, c.common_name, r.organisation,
           r.certificate_serial, r.certificate_not_after, r.not_after, r.term_months, r.amount_fen, r.order_no,
           r.submitted_at, r.paid_at, o.paid_gateway, o.paid_gateway_txn, c.agreement_id, c.agreement_version,
           c.client_version, p.agent_name_masked, p.agent_id_masked, p.agent_mobile_masked, p.agent_email_masked,
           p.recipient_masked, r.invoice_kind, r.invoice_title, r.invoice_tax_id, r.profile, c.evidence_sha256,
           holder.display_name, case when holder.id is not null then r.claimed_at end,
           case when holder.id is not null then r.claimed_until end,
           review_holds(r, caller.staff_id), renewal_content_hash(r.renewal_no), r.reviews_required,
           r.reviews_done,
           exists (select from approval as a where a.renewal_no = r.renewal_no and a.staff_id = caller.staff_id
                                               and a.voided_at is null),
           r.rejection_code, r.rejection_text, r.decided_at, array_to_string(p.form_fields, E'\n'),
           array_to_string(p.form_shown, E'\n'), array_to_string(c.warning_fields, E'\n'),
           array_to_string(c.warning_codes, E'\n'), r.version, r.risk, r.review_since, r.review_due,
           case when r.held_until > now() then pausing.display_name end,
           case when r.held_until > now() then r.held_until end, case when r.held_until > now() then r.held_reason end,
           other.display_name, case when other.id is not null then r.second_claimed_until end,
           exists (select from review_rule as rule where rule.platform = r.platform and rule.version = r.platform_version
                                                     and rule.parallel)
      into outcome, renewal_no, status, platform, subject, common_name, organisation,
           certificate_serial, old_not_after, not_after, term_months, amount_fen, order_no,
           submitted_at, paid_at, gateway, gateway_txn, agreement_id, agreement_version,
           client_version, agent_name_masked, agent_id_masked, agent_mobile_masked, agent_email_masked,
           recipient_masked, invoice_kind, invoice_title, invoice_tax_id, profile, evidence_sha256,
           claimed_by, claimed_at, claimed_until, claimed_by_me, content_hash, reviews_required,
           approvals_done, approved_by_me, rejection_code, rejection_text, decided_at, form_fields, form_shown,
           warning_fields, warning_codes, version, risk, review_since, review_due, held_by, held_until, held_reason,
           second_claimed_by, second_claimed_until, parallel
      from renewal as r
      join renewal_content as c on c.renewal_no = r.renewal_no
      join "order" as o on o.order_no = r.order_no
      cross join renewal_personal(r.renewal_no) as p
      left join staff as holder on holder.id = r.claimed_by and r.claimed_until > now()
      left join staff as other on other.id = r.second_claimed_by and r.second_claimed_until > now()
      left join staff as pausing on pausing.id = r.held_by
     where r.renewal_no = in_renewal_no;
    if not found then
        outcome := 'renewal_unknown';
    end if;
end
$$;
