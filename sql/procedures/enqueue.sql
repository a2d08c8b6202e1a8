-- SPDX-License-Identifier: Apache-2.0
-- One effect outside, once per renewal and event while it is pending. Internal, inside the business transaction.
create or replace function xuqi.enqueue(in_topic text, in_event text, in_renewal_no text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    insert into outbox (topic, dedup_key, event, renewal_no)
    values (in_topic, in_renewal_no || ':' || in_event, in_event, in_renewal_no);
end
$$;
