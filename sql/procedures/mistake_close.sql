-- SPDX-License-Identifier: Apache-2.0
-- A senior reviewer closes a mistake and says why. in_version: as it was seen; 0: not said. Safe to call again: the same
-- words of the same person. Outcomes: closed, unauthenticated, forbidden, platform_forbidden, mistake_unknown, mistake_closed
-- (otherwise, or by somebody else), mistake_changed (somebody was faster).
create or replace function xuqi.mistake_close(
    in_token_digest bytea, in_renewal_no text, in_reason text, in_version bigint default 0, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
declare
    caller record;
    it     review_mistake;
begin
    select * into caller from mistake_enter(in_token_digest, in_renewal_no);
    it := caller.it;
    outcome := case when caller.outcome <> 'ok' then caller.outcome
                    when (it.closed_by, it.reason) = (caller.staff_id, in_reason) then 'closed'
                    when it.closed_at is not null then 'mistake_closed'
                    when in_version > 0 and it.version > in_version then 'mistake_changed'
                    else 'closed' end;
    if outcome <> 'closed' or it.closed_at is not null then
        return;
    end if;
    update review_mistake
       set closed_by = caller.staff_id, closed_at = now(), reason = in_reason, owner_id = coalesce(owner_id, caller.staff_id),
           changed_by = caller.staff_id, changed_at = clock_timestamp()
     where renewal_no = in_renewal_no;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'review.mistake_close', in_renewal_no,
            reason_keep('staff:' || caller.name, in_renewal_no, in_reason));
end
$$;
