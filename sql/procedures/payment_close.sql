-- SPDX-License-Identifier: Apache-2.0
-- No more money is wanted for a renewal: the attempts that may still be paid are to be closed at their gateways, which
-- are asked at once; each is closed here when its gateway says so. The caller holds the renewal's lock. Internal; safe to
-- call again.
create or replace function xuqi.payment_close(in_renewal_no text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    unwanted text;
begin
    for unwanted in
        update payment_attempt as a set close_at = now() from "order" as o
         where o.order_no = a.order_no and o.renewal_no = in_renewal_no
           and a.state in ('open', 'unknown') and a.queried and a.close_at is null
        returning a.attempt_no
    loop
        perform payment_ask(unwanted, now());
    end loop;
end
$$;
