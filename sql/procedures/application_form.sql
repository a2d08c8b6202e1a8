-- SPDX-License-Identifier: Apache-2.0
-- What the printed application form shows, personal data sealed; making one is on the audit trail.
-- Outcomes: ok, renewal_unknown.
create or replace function xuqi.application_form(
    in_renewal_no text,
    out outcome text, out platform text, out subject text, out certificate_serial text, out old_not_after timestamptz,
    out not_after timestamptz, out term_months bigint, out amount_fen bigint, out submitted_at timestamptz,
    out personal_sealed bytea, out evidence_sha256 bytea)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    select 'ok', r.platform, r.subject, r.certificate_serial, r.certificate_not_after, r.not_after, r.term_months,
           r.amount_fen, r.submitted_at, c.personal_sealed, c.evidence_sha256
      into outcome, platform, subject, certificate_serial, old_not_after, not_after, term_months, amount_fen,
           submitted_at, personal_sealed, evidence_sha256
      from renewal as r join renewal_content as c on c.renewal_no = r.renewal_no
     where r.renewal_no = in_renewal_no;
    if not found then
        outcome := 'renewal_unknown';
        return;
    end if;
    insert into audit_event (actor, action, object) values ('applicant', 'application_form.make', in_renewal_no);
end
$$;
