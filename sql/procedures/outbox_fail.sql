-- SPDX-License-Identifier: Apache-2.0
-- The effect has not happened. Retried after min(5 s * 2^attempts, 1 h) +-20 %, or dead: kept for a person, never resent
-- by itself. Outcomes: retry, dead, stale (somebody else holds it by now).
create or replace function xuqi.outbox_fail(
    in_id bigint, in_lease_token bigint, in_error text, in_retry boolean, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    failed outbox;
begin
    update outbox
       set state = case when in_retry and attempts < max_attempts then 'ready' else 'dead' end,
           run_at = now() + least(interval '5 seconds' * power(2, least(attempts, 20)), interval '1 hour')
                          * (0.8 + 0.4 * random()),
           lease_until = null, last_error = left(in_error, 1000)
     where id = in_id and lease_token = in_lease_token and state = 'leased'
    returning * into failed;
    outcome := case failed.state when 'ready' then 'retry' when 'dead' then 'dead' else 'stale' end;
    if outcome = 'dead' then
        insert into audit_event (actor, action, object, detail)
        values ('jobs', 'outbox.dead', failed.renewal_no, failed.topic || ':' || failed.event);
    end if;
end
$$;
