-- SPDX-License-Identifier: Apache-2.0
-- What follows when orders have become paid from their payers' credit: each one's posting, attempts that nobody wants paid any
-- more, the renewals' moves, the messages. The caller holds the renewals' locks and has marked the orders paid. Internal.
create or replace function xuqi.orders_book(in_order_nos text[], in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    moved text[];
begin
    select array_agg(o.renewal_no order by o.renewal_no) into moved from "order" as o where o.order_no = any (in_order_nos);
    with posted as (
        insert into posting (event_type, event_key, fingerprint, event_at, actor)
        select 'credit_use', o.order_no, fingerprint(o.order_no, o.amount_fen::text), now(), in_actor
          from "order" as o where o.order_no = any (in_order_nos)
        returning id, event_key)
    insert into transfer (posting_id, leg, debit_id, credit_id, amount)
    select posted.id, 1, o.payer_credit_id, o.receivable_id, o.amount_fen
      from posted join "order" as o on o.order_no = posted.event_key;
    perform payment_close(o.renewal_no)
       from "order" as o
      where o.order_no = any (in_order_nos)
        and exists (select from payment_attempt as a where a.order_no = o.order_no and a.state in ('open', 'unknown'));
    perform renewals_move(moved);
    perform enqueue_each('message', 'paid', moved);
    insert into audit_event (actor, action, object, detail)
    select in_actor, 'payment.settled', no, 'bank_transfer' from unnest(moved) as no;
end
$$;
