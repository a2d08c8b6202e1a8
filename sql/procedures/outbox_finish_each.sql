-- SPDX-License-Identifier: Apache-2.0
-- outbox_finish for several rows in one transaction. One row with outcome finished or stale for each, in their order.
create or replace function xuqi.outbox_finish_each(in_ids bigint[], in_lease_tokens bigint[], in_results text[])
returns table (outcome text)
language plpgsql rows 16 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    with asked as (
        select * from unnest(in_ids, in_lease_tokens, in_results) with ordinality as a (id, lease_token, result, place)),
    done as (
        delete from outbox as o using asked
         where o.id = asked.id and o.lease_token = asked.lease_token and o.state = 'leased'
        returning o.id, o.topic, o.dedup_key, o.event, o.renewal_no, o.attempts, asked.result, asked.place),
    kept as (
        insert into outbox_done (id, topic, dedup_key, event, renewal_no, attempts, result)
        select id, topic, dedup_key, event, renewal_no, attempts, result from done)
    select case when done.id is null then 'stale' else 'finished' end
      from asked left join done on done.place = asked.place
     order by asked.place;
end
$$;
