-- SPDX-License-Identifier: Apache-2.0
-- Has the bills fetched that should be out by now: of the last seven days since the first payment, each once. ready: minutes
-- after midnight at which a rail's bill of the day before is out. Also closes what has explained itself meanwhile. Safe to
-- call at any time. Answers how many were asked for.
create or replace function xuqi.bill_due(in_rails text[], in_ready_minutes bigint[], out asked bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    first_at timestamptz := (select p.event_at from posting as p where p.event_type = 'gateway' order by p.id limit 1);
    today    date := beijing(now())::date;
    due      record;
begin
    asked := 0;
    for due in
        select r.rail, d.day::date as day
          from unnest(in_rails, in_ready_minutes) as r (rail, minutes),
               generate_series(greatest(bill_day_of(r.rail, first_at), today - 7), today - 1, interval '1 day') as d (day)
         where first_at is not null and beijing(now()) >= d.day + interval '1 day' + make_interval(mins => r.minutes::int)
           and not exists (select from bill_day as b where b.rail = r.rail and b.day = d.day::date)
         order by d.day, r.rail
    loop
        perform bill_ask(due.rail, due.day);
        asked := asked + 1;
    end loop;
    perform match_sweep(rail) from unnest(in_rails) as rail;
end
$$;
