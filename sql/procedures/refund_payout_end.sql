-- SPDX-License-Identifier: Apache-2.0
-- What became of a refund's payment by bank: paid, and the refund is done; failed or back again (退汇), and it waits for a person,
-- who has it tried again under another number (refund_retry) or pays it by hand (refund_pay_out). What the payer has not been
-- told yet he is not told. The caller holds the renewal's lock and has booked what the bank did. Internal.
create or replace function xuqi.refund_payout_end(in_request xuqi.payout_request, in_state text, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    paid payout;
    r    refund;
begin
    select * into strict paid from payout where request_id = in_request.id;
    select * into strict r from refund where refund_no = in_request.refund_no;
    if in_state = 'paid' then
        perform refund_paid(r, (select id from posting where event_type = 'payout_paid' and event_key = paid.client_id),
                            paid.client_id, in_actor, null);
        return;
    end if;
    if r.state = 'done' then
        perform refund_mark(r, 'approved');
        delete from outbox
         where topic = 'message' and event = 'refunded' and state = 'ready'
           and dedup_key = r.renewal_no || ':refunded:' || r.refund_no;
    end if;
    update refund
       set state = 'awaiting_payout', done_id = null, gateway_refund_no = null, ended_by = null, ended_at = null,
           last_word = left(concat_ws(' ', 'payout', paid.client_id, paid.state, paid.failure), 100)
     where refund_no = r.refund_no;
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'refund.payout_' || paid.state, r.renewal_no, concat_ws(' ', r.refund_no, paid.client_id, paid.failure));
end
$$;
