-- SPDX-License-Identifier: Apache-2.0
-- The gateway shall be asked what became of an attempt, at this time or sooner. One row of the outbox per attempt: it is
-- moved forward, or taken back from the dead. The caller holds the renewal's lock. Internal.
create or replace function xuqi.payment_ask(in_attempt_no text, in_at timestamptz) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    owner_no text := (select o.renewal_no from payment_attempt as a join "order" as o on o.order_no = a.order_no
                       where a.attempt_no = in_attempt_no);
begin
    update payment_attempt set wanted_at = clock_timestamp() where attempt_no = in_attempt_no;
    insert into outbox (topic, dedup_key, event, renewal_no, run_at)
    values ('payment_query', owner_no || ':' || in_attempt_no, in_attempt_no, owner_no, in_at)
        on conflict (topic, dedup_key) do update
       set run_at = least(outbox.run_at, excluded.run_at),
           attempts = case outbox.state when 'dead' then 0 else outbox.attempts end,
           state = case outbox.state when 'dead' then 'ready' else outbox.state end;
end
$$;
