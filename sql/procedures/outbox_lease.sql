-- SPDX-License-Identifier: Apache-2.0
-- Takes due rows of a topic for some seconds, each with a new token; rows of a worker that went silent are taken over.
-- Rows that others are just taking are passed by. No row when there is nothing to do.
create or replace function xuqi.outbox_lease(in_topic text, in_batch bigint, in_seconds bigint)
returns table (id bigint, topic text, dedup_key text, event text, renewal_no text, attempts bigint,
               lease_token bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    with due as (
        select o.id from outbox as o
         where o.topic = in_topic and o.state <> 'dead' and o.run_at <= now()
           and (o.state = 'ready' or o.lease_until < now())
           and o.attempts < o.max_attempts
         order by o.run_at, o.id limit in_batch for update skip locked)
    update outbox as o
       set state = 'leased', attempts = o.attempts + 1, lease_token = o.lease_token + 1,
           lease_until = now() + make_interval(secs => in_seconds)
      from due where o.id = due.id
    returning o.id, o.topic, o.dedup_key, o.event, o.renewal_no, o.attempts, o.lease_token;
end
$$;
