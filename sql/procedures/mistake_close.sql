-- SPDX-License-Identifier: Apache-2.0
-- A senior reviewer closes a mistake and says why. With the last open one of a platform its cases may pass without a person
-- again. Safe to call again: the same words of the same person. Outcomes: closed, unauthenticated, forbidden, platform_forbidden,
-- mistake_unknown, mistake_closed (otherwise, or by somebody else).
create or replace function xuqi.mistake_close(in_token_digest bytea, in_renewal_no text, in_reason text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
declare
    caller record;
    it     review_mistake;
begin
    select * into caller from mistake_enter(in_token_digest, in_renewal_no);
    it := caller.it;
    outcome := case when caller.outcome <> 'ok' then caller.outcome
                    when it.closed_at is null or (it.closed_by, it.reason) = (caller.staff_id, in_reason) then 'closed'
                    else 'mistake_closed' end;
    if outcome <> 'closed' or it.closed_at is not null then
        return;
    end if;
    -- One after the other: of two that close the last ones at once, one must see the other's.
    perform pg_advisory_xact_lock(hashtextextended('mistakes:' || it.platform, 0));
    update review_mistake
       set closed_by = caller.staff_id, closed_at = now(), reason = in_reason, owner_id = coalesce(owner_id, caller.staff_id)
     where renewal_no = in_renewal_no;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'review.mistake_close', in_renewal_no,
            reason_keep('staff:' || caller.name, in_renewal_no, in_reason));
    if not exists (select from review_mistake where platform = it.platform and closed_at is null) then
        update review_pass_stop set ended_at = now(), ended_by = caller.staff_id where platform = it.platform and ended_at is null;
        if found then
            insert into audit_event (actor, action, object)
            values ('staff:' || caller.name, 'review.pass_resumed', 'platform:' || it.platform);
        end if;
    end if;
end
$$;
