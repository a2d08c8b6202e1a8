-- SPDX-License-Identifier: Apache-2.0
-- Ends an unpaid renewal: the invoice is reversed, and attempts that can no longer be paid are closed. What a gateway
-- reports all the same is booked as surplus. The caller holds the row's lock. Internal.
create or replace function xuqi.renewal_close(in_renewal_no text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    update renewal set status = 'closed', decided_at = now() where renewal_no = in_renewal_no;
    update payment_attempt as a set state = 'closed' from "order" as o
     where o.order_no = a.order_no and o.renewal_no = in_renewal_no and a.state = 'open';
    perform payment_close(in_renewal_no);
    perform order_cancel(in_renewal_no, 'system');
    perform enqueue('message', 'closed', in_renewal_no);
    insert into audit_event (actor, action, object) values ('system', 'renewal.close', in_renewal_no);
end
$$;
