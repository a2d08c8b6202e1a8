-- SPDX-License-Identifier: Apache-2.0
-- One effect outside, once per renewal and event while it is pending; an event that may come again says which time it is.
-- Internal, inside the business transaction.
create or replace function xuqi.enqueue(in_topic text, in_event text, in_renewal_no text, in_time text default '')
returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    insert into outbox (topic, dedup_key, event, renewal_no)
    values (in_topic, in_renewal_no || ':' || in_event || case when in_time = '' then '' else ':' || in_time end,
            in_event, in_renewal_no);
end
$$;
