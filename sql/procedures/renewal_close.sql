-- SPDX-License-Identifier: Apache-2.0
-- Ends an unpaid renewal: the invoice is reversed. The caller holds the row's lock. Internal.
create or replace function xuqi.renewal_close(in_renewal_no text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    due     "order";
    invoice bigint;
begin
    update renewal set status = 'closed', decided_at = now() where renewal_no = in_renewal_no;
    for due in
        update "order" set state = 'cancelled' where renewal_no = in_renewal_no and state = 'unpaid' returning *
    loop
        select id into strict invoice from posting where event_type = 'invoice' and event_key = due.order_no;
        perform ledger_post('cancel', due.order_no, fingerprint(due.order_no, due.amount_fen::text), now(), 'system',
                            array[account_open('deferred_revenue', '')], array[due.receivable_id],
                            array[due.amount_fen], invoice);
    end loop;
    perform enqueue('message', 'closed', in_renewal_no);
    insert into audit_event (actor, action, object) values ('system', 'renewal.close', in_renewal_no);
end
$$;
