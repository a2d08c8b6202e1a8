-- SPDX-License-Identifier: Apache-2.0
-- The gateway has no bill for this day. Normal on a day without trades, an alarm on a day with some: those at its very
-- ends may be in a neighbour's bill. Safe to call again. Outcomes: empty, missing, loaded (there is a bill all the same).
create or replace function xuqi.bill_absent(in_rail text, in_day text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    found_state text;
    traded      boolean;
begin
    insert into bill_day (rail, day) values (in_rail, in_day::date) on conflict (rail, day) do nothing;
    select d.state into strict found_state from bill_day as d where d.rail = in_rail and d.day = in_day::date for update;
    traded := exists (select from match_ours(in_rail, in_day::date) as o where not bill_near_cut(in_rail, o.at));
    outcome := case when found_state = 'loaded' then 'loaded' when traded then 'missing' else 'empty' end;
    if outcome <> found_state and outcome <> 'loaded' then
        update bill_day set state = outcome where rail = in_rail and day = in_day::date;
        insert into audit_event (actor, action, object)
        values ('gateway:' || in_rail, 'bill.' || outcome, in_rail || ':' || in_day);
    end if;
end
$$;
