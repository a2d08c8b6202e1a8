-- SPDX-License-Identifier: Apache-2.0
-- Whether payments are begun at a rail from now on, and why. Safe to call again. Outcomes: noted, known (it was so).
create or replace function xuqi.rail_note(in_rail text, in_breaker text, in_reason text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    insert into rail (rail, breaker, reason) values (in_rail, in_breaker, in_reason)
        on conflict (rail) do update set breaker = in_breaker, reason = in_reason, since = now()
        where rail.breaker <> in_breaker;
    if not found then
        outcome := 'known';
        return;
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('jobs', 'rail.' || in_breaker, in_rail, in_reason);
    outcome := 'noted';
end
$$;
