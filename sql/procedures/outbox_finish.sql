-- SPDX-License-Identifier: Apache-2.0
-- The effect has happened. Only the holder of the current token may say so. Outcomes: finished, stale. Internal.
-- Calling again answers stale: the row has gone to outbox_done.
create or replace function xuqi.outbox_finish(
    in_id bigint, in_lease_token bigint, in_result text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    with done as (
        delete from outbox where id = in_id and lease_token = in_lease_token and state = 'leased' returning *)
    insert into outbox_done (id, topic, dedup_key, event, renewal_no, attempts, result)
    select id, topic, dedup_key, event, renewal_no, attempts, in_result from done;
    outcome := case when found then 'finished' else 'stale' end;
end
$$;
