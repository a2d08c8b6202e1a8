-- SPDX-License-Identifier: Apache-2.0
-- A senior reviewer says who looks after a mistake. in_version: as it was seen; 0: not said. Safe to call again.
-- Outcomes: assigned, unauthenticated, forbidden, platform_forbidden, mistake_unknown, mistake_closed, mistake_changed (somebody
-- was faster), staff_unknown (no active reviewer of that name for the platform).
create or replace function xuqi.mistake_assign(
    in_token_digest bytea, in_renewal_no text, in_owner text, in_version bigint default 0, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
declare
    caller record;
    target staff;
begin
    select * into caller from mistake_enter(in_token_digest, in_renewal_no);
    select * into target from staff as s
     where s.name = in_owner and s.status = 'active' and s.roles && array['reviewer', 'senior_reviewer']
       and staff_may(s.platforms, (caller.it).platform);
    outcome := case when caller.outcome <> 'ok' then caller.outcome
                    when (caller.it).closed_at is not null then 'mistake_closed'
                    when target.id is null then 'staff_unknown'
                    when (caller.it).owner_id = target.id then 'assigned'
                    when in_version > 0 and (caller.it).version > in_version then 'mistake_changed'
                    else 'assigned' end;
    if outcome = 'assigned' and (caller.it).owner_id is distinct from target.id then
        update review_mistake
           set owner_id = target.id, changed_by = caller.staff_id, changed_at = clock_timestamp()
         where renewal_no = in_renewal_no;
        insert into audit_event (actor, action, object, detail)
        values ('staff:' || caller.name, 'review.mistake_assign', in_renewal_no, target.name);
    end if;
end
$$;
