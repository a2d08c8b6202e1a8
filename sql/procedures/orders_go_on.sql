-- SPDX-License-Identifier: Apache-2.0
-- What follows when orders have been paid by transfer and booked: attempts that nobody wants paid any more, the renewals' moves,
-- the messages. The caller holds the renewals' locks. Internal.
create or replace function xuqi.orders_go_on(in_order_nos text[], in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
declare
    moved text[];
    tried text[];
begin
    select array_agg(o.renewal_no order by o.renewal_no),
           array_agg(o.renewal_no order by o.renewal_no) filter (where ( -- each by its order, as in review_findings
               select true from payment_attempt as a
                where a.order_no = o.order_no and (a.state in ('open', 'unknown')) is true limit 1))
      into moved, tried
      from "order" as o where o.order_no = any (in_order_nos);
    perform payment_close(no) from unnest(tried) as no;
    perform renewals_move(moved);
    perform enqueue_each('message', 'paid', moved);
    insert into audit_event (actor, action, object, detail)
    select in_actor, 'payment.settled', no, 'bank_transfer' from unnest(moved) as no;
end
$$;
