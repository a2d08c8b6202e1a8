-- SPDX-License-Identifier: Apache-2.0
-- The bill of a day shall be fetched and the day reconciled, now or sooner than planned. One row of the outbox per rail
-- and day: it is moved forward, or taken back from the dead. Internal.
create or replace function xuqi.bill_ask(in_rail text, in_day date) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    insert into bill_day (rail, day) values (in_rail, in_day) on conflict (rail, day) do nothing;
    insert into outbox (topic, dedup_key, event, renewal_no)
    values ('bill_fetch', in_rail || ':' || in_day, in_rail || ':' || in_day, '')
        on conflict (topic, dedup_key) do update
       set run_at = least(outbox.run_at, now()),
           attempts = case outbox.state when 'dead' then 0 else outbox.attempts end,
           state = case outbox.state when 'dead' then 'ready' else outbox.state end;
end
$$;
