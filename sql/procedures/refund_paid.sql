-- SPDX-License-Identifier: Apache-2.0
-- Money has gone back, and in_posting_id has booked it: the refund is done, and its payer is told. in_number: the gateway's or the
-- bank's. The caller holds the renewal's lock. Internal.
create or replace function xuqi.refund_paid(
    in_refund xuqi.refund, in_posting_id bigint, in_number text, in_actor text, in_staff_id bigint) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    update refund
       set state = 'done', done_id = in_posting_id, gateway_refund_no = in_number, ended_by = in_staff_id, ended_at = now()
     where refund_no = in_refund.refund_no;
    perform refund_mark(in_refund, 'refunded');
    perform enqueue('message', 'refunded', in_refund.renewal_no, in_refund.refund_no);
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'refund.done', in_refund.renewal_no, in_refund.refund_no);
end
$$;
