-- SPDX-License-Identifier: Apache-2.0
-- What the printed application form shows, personal data sealed and as corrected last; making one is on the audit trail. Its
-- edition: the rules that it was submitted under (the check form_version goes by them), and how often it was corrected.
-- Outcomes: ok, renewal_unknown.
create or replace function xuqi.application_form(
    in_renewal_no text,
    out outcome text, out platform text, out subject text, out certificate_serial text, out old_not_after timestamptz,
    out not_after timestamptz, out term_months bigint, out amount_fen bigint, out submitted_at timestamptz,
    out platform_version text, out corrections bigint, out personal_sealed bytea, out evidence_sha256 bytea)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    select 'ok', r.platform, r.subject, r.certificate_serial, r.certificate_not_after, r.not_after, r.term_months,
           r.amount_fen, r.submitted_at, r.platform_version,
           (select count(*) from correction as c where c.renewal_no = in_renewal_no), p.personal_sealed, p.evidence_sha256
      into outcome, platform, subject, certificate_serial, old_not_after, not_after, term_months, amount_fen,
           submitted_at, platform_version, corrections, personal_sealed, evidence_sha256
      from renewal as r cross join renewal_personal(r.renewal_no) as p
     where r.renewal_no = in_renewal_no;
    if not found then
        outcome := 'renewal_unknown';
        return;
    end if;
    insert into audit_event (actor, action, object) values ('applicant', 'application_form.make', in_renewal_no);
end
$$;
