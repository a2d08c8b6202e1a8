-- SPDX-License-Identifier: Apache-2.0
-- Jobs shall look at a refund now. One row of the outbox per refund: it is moved forward, or taken back from the dead. The
-- caller holds the renewal's lock. Internal.
create or replace function xuqi.refund_wake(in_refund_no text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    owner_no text := (select renewal_no from refund where refund_no = in_refund_no);
begin
    insert into outbox (topic, dedup_key, event, renewal_no)
    values ('refund', owner_no || ':' || in_refund_no, in_refund_no, owner_no)
        on conflict (topic, dedup_key) do update
       set run_at = least(outbox.run_at, excluded.run_at),
           attempts = case outbox.state when 'dead' then 0 else outbox.attempts end,
           state = case outbox.state when 'dead' then 'ready' else outbox.state end;
end
$$;
