-- SPDX-License-Identifier: Apache-2.0
-- A senior reviewer lets a platform's clean cases pass without a person again, once all that was judged wrong is dealt with, and
-- says why. in_stop: which stop was seen. Safe to call again: the same words of the same person. Outcomes: resumed,
-- unauthenticated, forbidden, platform_forbidden, pass_running (nothing is stopped, or not any more), mistakes_open.
create or replace function xuqi.pass_resume(
    in_token_digest bytea, in_platform text, in_stop bigint, in_reason text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    it     review_pass_stop;
begin
    select * into caller from session_of(in_token_digest, array['senior_reviewer']);
    if caller.outcome = 'ok' then
        perform pg_advisory_xact_lock(hashtextextended('passing:' || in_platform, 0));
        select * into it from review_pass_stop where id = in_stop and platform = in_platform for update;
    end if;
    outcome := case when caller.outcome <> 'ok' then caller.outcome
                    when not staff_may(caller.platforms, in_platform) then 'platform_forbidden'
                    when (it.ended_by, it.reason) = (caller.staff_id, in_reason) then 'resumed'
                    when it.id is null or it.ended_at is not null then 'pass_running'
                    when exists (select from review_mistake where platform = in_platform and closed_at is null)
                         then 'mistakes_open'
                    else 'resumed' end;
    if outcome <> 'resumed' or it.ended_at is not null then
        return;
    end if;
    update review_pass_stop set ended_at = now(), ended_by = caller.staff_id, reason = in_reason where id = it.id;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'review.pass_resumed', 'platform:' || in_platform,
            reason_keep('staff:' || caller.name, 'platform:' || in_platform, in_reason));
end
$$;
