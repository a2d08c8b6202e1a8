-- SPDX-License-Identifier: Apache-2.0
-- Of these platforms those that the caller's rights reach, each with its last version of prices and when the rules of review
-- in force were published; for administrators, auditors and finance. in_versions: of the files in force, one for each
-- platform. Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.admin_platforms(in_token_digest bytea, in_platforms text[], in_versions text[])
returns table (outcome text, platform text, fee_version bigint, loaded_by text, loaded_at timestamptz, published_at timestamptz)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_of(in_token_digest, array['administrator', 'auditor', 'finance']);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    select 'ok'::text, given.id, coalesce(v.number, 0), coalesce(v.loaded_by, ''), v.loaded_at, r.published_at
      from unnest(in_platforms, in_versions) with ordinality as given (id, version, place)
      left join lateral (select * from fee_version as f where f.platform = given.id order by f.number desc limit 1) as v on true
      left join review_rule as r on r.platform = given.id and r.version = given.version
     where staff_may(caller.platforms, given.id)
     order by given.place;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
