-- SPDX-License-Identifier: Apache-2.0
-- Which of these platforms have no fee table in force, separated by spaces; "" when all have. Reads only.
create or replace function xuqi.quote_missing(in_platforms text[]) returns text
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
begin
    return (select coalesce(string_agg(platform, ' ' order by platform), '')
              from unnest(in_platforms) as platform where quote_at(platform, now()) is null);
end
$$;
