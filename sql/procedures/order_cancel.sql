-- SPDX-License-Identifier: Apache-2.0
-- Nothing more is asked for an ended renewal: its unpaid orders are cancelled, each invoice reversed. The caller holds the
-- renewal's lock. Internal.
create or replace function xuqi.order_cancel(in_renewal_no text, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    due     "order";
    invoice bigint;
begin
    for due in
        update "order" set state = 'cancelled' where renewal_no = in_renewal_no and state = 'unpaid' returning *
    loop
        select id into strict invoice from posting where event_type = 'invoice' and event_key = due.order_no;
        perform ledger_post('cancel', due.order_no, fingerprint(due.order_no, due.amount_fen::text), now(), in_actor,
                            array[account_open('deferred_revenue', '')], array[due.receivable_id],
                            array[due.amount_fen], invoice);
    end loop;
end
$$;
