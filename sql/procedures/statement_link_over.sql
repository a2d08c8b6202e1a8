-- SPDX-License-Identifier: Apache-2.0
-- A run's outbox row is done. Internal.
create or replace function xuqi.statement_link_over(in_id bigint, in_result text) returns void
language sql set search_path = xuqi, pg_temp as $$
    with done as (delete from outbox where id = in_id returning *)
    insert into outbox_done (id, topic, dedup_key, event, renewal_no, attempts, result)
    select id, topic, dedup_key, event, renewal_no, attempts, left(in_result, 200) from done
$$;
