-- SPDX-License-Identifier: Apache-2.0
-- The same time of day some working days later. Saturdays and Sundays are not counted; public holidays are, since no
-- calendar here knows them: whoever waits for a bank may look too early in a holiday, never too late.
create or replace function xuqi.working_days_after(in_at timestamptz, in_days bigint) returns timestamptz
language sql immutable parallel safe as $$
    select in_at + make_interval(days => coalesce(max(n), 0)::integer)
      from (select n from generate_series(1, in_days * 2 + 4) as n
             where extract(isodow from xuqi.beijing(in_at + make_interval(days => n::integer))) < 6
             order by n limit in_days) as working
$$;
