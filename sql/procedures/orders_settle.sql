-- SPDX-License-Identifier: Apache-2.0
-- Orders whose whole price has been put aside are paid from their payers' credit, and their renewals move on. The caller
-- holds the renewals' locks. Internal; an order that is not ready is passed by. Answers how many were paid.
create or replace function xuqi.orders_settle(in_order_nos text[], in_actor text) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    ready text[];
    moved text[];
begin
    select array_agg(o.order_no order by o.order_no), array_agg(o.renewal_no order by o.order_no) into ready, moved
      from "order" as o join renewal as r on r.renewal_no = o.renewal_no
     where o.order_no = any (in_order_nos) and o.state = 'unpaid' and o.funded_fen = o.amount_fen
       and r.status = 'awaiting_payment' and r.order_no = o.order_no;
    if ready is null then
        return 0;
    end if;
    with posted as (
        insert into posting (event_type, event_key, fingerprint, event_at, actor)
        select 'credit_use', o.order_no, fingerprint(o.order_no, o.amount_fen::text), now(), in_actor
          from "order" as o where o.order_no = any (ready)
        returning id, event_key)
    insert into transfer (posting_id, leg, debit_id, credit_id, amount)
    select posted.id, 1, o.payer_credit_id, o.receivable_id, o.amount_fen
      from posted join "order" as o on o.order_no = posted.event_key;
    update "order" set state = 'paid', paid_at = now(), paid_gateway = 'bank_transfer' where order_no = any (ready);
    perform payment_close(o.renewal_no)
       from "order" as o
      where o.order_no = any (ready)
        and exists (select from payment_attempt as a where a.order_no = o.order_no and a.state in ('open', 'unknown'));
    perform renewals_move(moved);
    perform enqueue_each('message', 'paid', moved);
    insert into audit_event (actor, action, object, detail)
    select in_actor, 'payment.settled', no, 'bank_transfer' from unnest(moved) as no;
    return cardinality(ready);
end
$$;
