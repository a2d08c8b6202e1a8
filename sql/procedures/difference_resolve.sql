-- SPDX-License-Identifier: Apache-2.0
-- A person closes a difference and says why. in_suspense: what it still leaves in the rail's clearing account is moved to its
-- suspense, so that clearing comes to nothing. in_version: as it was seen; 0: not said. Safe to call again: the same words by the same person are answered the same.
-- Outcomes: resolved, unauthenticated, forbidden, difference_unknown, difference_closed, difference_changed (somebody or the
-- server was faster).
create or replace function xuqi.difference_resolve(
    in_token_digest bytea, in_id bigint, in_reason text, in_suspense boolean, in_version bigint default 0,
    out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    it     match_difference;
    effect bigint := 0;
begin
    select * into caller from session_finance(in_token_digest);
    if caller.outcome = 'ok' then
        -- in match_run's order: its rail, the renewal, the difference
        perform pg_advisory_xact_lock(hashtextextended('match:' || rail, 0)) from match_difference where id = in_id;
        perform from renewal where renewal_no = (select d.renewal_no from match_difference as d where d.id = in_id) for update;
        select * into it from match_difference where id = in_id for update;
    end if;
    outcome := case when caller.outcome <> 'ok' then caller.outcome
                    when it.id is null then 'difference_unknown'
                    when it.state = 'resolved' and (it.resolved_by, it.reason) = (caller.staff_id, in_reason) then 'resolved'
                    when it.state in ('settled', 'resolved') then 'difference_closed'
                    when in_version > 0 and it.version > in_version then 'difference_changed'
                    else 'resolved' end;
    if outcome <> 'resolved' or it.state = 'resolved' then
        return;
    end if;
    if in_suspense and it.kind in ('payment', 'refund') then
        effect := match_effect(it);
    end if;
    update match_difference
       set state = 'resolved', action = 'none', closed_at = now(), resolved_by = caller.staff_id, reason = in_reason,
           owner_id = coalesce(owner_id, caller.staff_id), booked_fen = booked_fen - effect,
           changed_by = caller.staff_id, changed_at = clock_timestamp()
     where id = in_id;
    if effect <> 0 then
        perform match_post('difference', in_id::text, it.rail, coalesce(it.their_day, it.our_day), -effect,
                           'staff:' || caller.name);
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'difference.resolve', it.rail || ':' || it.gateway_id,
            reason_keep('staff:' || caller.name, it.rail || ':' || it.gateway_id, in_reason) || case when effect <> 0 then format(' (%s to suspense)', effect) else '' end);
end
$$;
