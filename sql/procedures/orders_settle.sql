-- SPDX-License-Identifier: Apache-2.0
-- Orders whose whole price has been put aside are paid from their payers' credit, and their renewals move on. The caller
-- holds the renewals' locks. Internal; an order that is not ready is passed by. Answers how many were paid.
create or replace function xuqi.orders_settle(in_order_nos text[], in_actor text) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    ready text[];
begin
    with paid as (
        update "order" as o set state = 'paid', paid_at = now(), paid_gateway = 'bank_transfer'
          from renewal as r
         where o.order_no = any (in_order_nos) and o.state = 'unpaid' and o.funded_fen = o.amount_fen
           and r.renewal_no = o.renewal_no and r.status = 'awaiting_payment' and r.order_no = o.order_no
        returning o.order_no)
    select array_agg(order_no) into ready from paid;
    if ready is not null then
        perform orders_book(ready, in_actor);
    end if;
    return coalesce(cardinality(ready), 0);
end
$$;
