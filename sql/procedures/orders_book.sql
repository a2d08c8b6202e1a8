-- SPDX-License-Identifier: Apache-2.0
-- What is booked when orders have become paid from their payers' credit, and what follows. The caller holds the renewals' locks
-- and has marked the orders paid. Internal. match_book writes the same postings together with its own.
create or replace function xuqi.orders_book(in_order_nos text[], in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
    with used as materialized (
        select nextval('posting_id_seq') as posting_id, o.order_no, o.payer_credit_id, o.receivable_id, o.amount_fen
          from "order" as o where o.order_no = any (in_order_nos)),
    posted as (
        insert into posting (id, event_type, event_key, fingerprint, event_at, actor) overriding system value
        select posting_id, 'credit_use', order_no, fingerprint(order_no, amount_fen::text), now(), in_actor from used)
    insert into transfer (posting_id, leg, debit_id, credit_id, amount)
    select posting_id, 1, payer_credit_id, receivable_id, amount_fen from used;
    perform orders_go_on(in_order_nos, in_actor);
end
$$;
