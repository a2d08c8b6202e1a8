-- SPDX-License-Identifier: Apache-2.0
-- Of the renewals that pages wait for, those whose version is another than the one seen: number and version. At most 1000,
-- the rest at the next look. One question for all of a process. Reads only.
create or replace function xuqi.renewal_changes(in_renewal_nos text[], in_versions bigint[])
returns table (renewal_no text, version bigint)
language plpgsql stable rows 10 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select r.renewal_no, r.version
      from unnest(in_renewal_nos, in_versions) as seen (renewal_no, version)
      join renewal as r on r.renewal_no = seen.renewal_no
     where r.version <> seen.version
     limit 1000;
end
$$;
