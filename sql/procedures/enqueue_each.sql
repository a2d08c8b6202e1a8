-- SPDX-License-Identifier: Apache-2.0
-- enqueue for several renewals. Internal, inside the business transaction.
create or replace function xuqi.enqueue_each(in_topic text, in_event text, in_renewal_nos text[]) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    insert into outbox (topic, dedup_key, event, renewal_no)
    select in_topic, renewal_no || ':' || in_event, in_event, renewal_no
      from unnest(in_renewal_nos) as asked (renewal_no);
end
$$;
