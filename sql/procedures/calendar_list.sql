-- SPDX-License-Identifier: Apache-2.0
-- The years whose holidays were imported, newest first, and of the one asked for (0: the newest) each day that is not what
-- its weekday says. A year that is not shown has one row without a day. For all who administer or audit. Outcomes: ok in
-- every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.calendar_list(in_token_digest bytea, in_year bigint)
returns table (outcome text, year bigint, source text, sha256 text, imported_at timestamptz, day text, working boolean, name text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    select caller.outcome into outcome from session_of(in_token_digest, array['administrator', 'auditor']) as caller;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    select 'ok'::text, y.year, y.source, y.sha256, y.imported_at, coalesce(d.day::text, ''), coalesce(d.working, false), coalesce(d.name, '')
      from calendar_year as y
      left join calendar_day as d on d.year = y.year
                                 and y.year = coalesce(nullif(in_year, 0), (select max(l.year) from calendar_year as l))
     order by y.year desc, d.day;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
