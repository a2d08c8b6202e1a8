-- SPDX-License-Identifier: Apache-2.0
-- The same time of day some working days later. Which days are worked says the calendar (calendar_import); of a year whose
-- notice is not here yet Mondays to Fridays are, so that whoever waits then may look too early in a holiday, never too late.
-- Every payment asks it: in plpgsql its plan is kept, where a function in SQL is planned at every call.
create or replace function xuqi.working_days_after(in_at timestamptz, in_days bigint) returns timestamptz
language plpgsql stable parallel safe set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    return (
        select in_at + make_interval(days => coalesce(max(n), 0)::integer)
          from (select n
                  from (select beijing(in_at)::date as today) as base
                 cross join generate_series(1, in_days::integer * 2 + 30) as n -- the longest holiday had nine days
                  left join calendar_day as c on c.day = today + n
                 where coalesce(c.working, extract(isodow from today + n) < 6)
                 order by n limit in_days) as working);
end
$$;
