-- SPDX-License-Identifier: Apache-2.0
-- What a submission of this certificate would be refused with by now (null: it would not), is a renewal of it open, and what
-- the platform charges now: a row per item as quote_get has them; one row without when no fee table is in force, which is a
-- refusal (price_absent) where nothing is open. Reads only.
create or replace function xuqi.renewal_eligibility(
    in_certificate_fingerprint bytea, in_organisation text, in_platform text, in_open_per_organisation bigint)
returns table (refusal text, open boolean, quote_version bigint, effective_from timestamptz, months bigint,
               amount_fen bigint, name text, unit_fen bigint, quantity bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    verdict  text;
    is_open  boolean;
begin
    select v.outcome into verdict
      from renewal_verdict(in_certificate_fingerprint, in_organisation, in_platform, in_open_per_organisation) as v;
    is_open := exists (select from renewal as r
                        where r.certificate_fingerprint = in_certificate_fingerprint
                          and r.status not in ('completed', 'rejected', 'cancelled', 'closed'));
    if verdict is null and quote_at(in_platform, now()) is null then
        verdict := 'price_absent';
    end if;
    return query
    select nullif(verdict, 'open'), is_open, q.* from (select) as always left join quote_get(in_platform) as q on true;
end
$$;
