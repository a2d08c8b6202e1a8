-- SPDX-License-Identifier: Apache-2.0
-- The applicant wants to show his face: a check to be opened with the provider, or the one that is open. Safe to call again.
-- Outcomes: asked (personal_sealed is for the provider), live (url_sealed is), and those of identity_begin.
create or replace function xuqi.liveness_begin(
    in_renewal_no text, in_provider text, in_daily bigint,
    out outcome text, out check_id bigint, out personal_sealed bytea, out evidence_sha256 bytea, out url_sealed bytea,
    out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    select b.outcome, b.check_id into outcome, check_id
      from identity_begin(in_renewal_no, 'liveness', in_provider, in_daily) as b;
    if outcome = 'asked' then
        select p.personal_sealed, p.evidence_sha256 into personal_sealed, evidence_sha256
          from renewal_personal(in_renewal_no) as p;
    end if;
    select c.url_sealed, c.expires_at into url_sealed, expires_at
      from identity_check as c where c.id = liveness_begin.check_id and liveness_begin.outcome = 'live';
end
$$;
