-- SPDX-License-Identifier: Apache-2.0
-- What a submission of this certificate would be refused with by now (null: it would not), and is a renewal of it open?
-- Reads only.
create or replace function xuqi.renewal_eligibility(
    in_certificate_fingerprint bytea, in_organisation text, in_platform text, in_open_per_organisation bigint,
    out refusal text, out open boolean)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    select nullif(v.outcome, 'open') into refusal
      from renewal_verdict(in_certificate_fingerprint, in_organisation, in_platform, in_open_per_organisation) as v;
    open := exists (select from renewal as r
                     where r.certificate_fingerprint = in_certificate_fingerprint
                       and r.status not in ('completed', 'rejected', 'cancelled', 'closed'));
end
$$;
