-- SPDX-License-Identifier: Apache-2.0
-- A difference is somebody's of finance: who looks after it. in_version: as it was seen; 0: not said. Safe to call again.
-- Outcomes: assigned, unauthenticated, forbidden, difference_unknown, difference_closed, difference_changed (somebody or the
-- server was faster), staff_unknown (nobody active of that name in finance).
create or replace function xuqi.difference_assign(
    in_token_digest bytea, in_id bigint, in_owner text, in_version bigint default 0, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    it     match_difference;
    holder bigint := (select s.id from staff as s
                       where s.name = in_owner and s.status = 'active' and s.roles && array['finance']);
begin
    select * into caller from session_finance(in_token_digest);
    if caller.outcome = 'ok' then
        select * into it from match_difference where id = in_id for update;
    end if;
    outcome := case when caller.outcome <> 'ok' then caller.outcome
                    when it.id is null then 'difference_unknown'
                    when it.state in ('settled', 'resolved') then 'difference_closed'
                    when holder is null then 'staff_unknown'
                    when it.owner_id = holder then 'assigned'
                    when in_version > 0 and it.version > in_version then 'difference_changed'
                    else 'assigned' end;
    if outcome = 'assigned' and it.owner_id is distinct from holder then
        update match_difference set owner_id = holder, changed_by = caller.staff_id, changed_at = clock_timestamp()
         where id = in_id;
        insert into audit_event (actor, action, object, detail)
        values ('staff:' || caller.name, 'difference.assign', it.rail || ':' || it.gateway_id, in_owner);
    end if;
end
$$;
