-- SPDX-License-Identifier: Apache-2.0
-- Approves a refund: its money leaves the payer's credit and waits under the refund's own number. What a cancellation or
-- the staff gives back becomes the payer's credit first: of an order not issued its whole price, and the renewal ends; of
-- one that is issued and revoked revenue and tax of the part. The caller holds the renewal's lock and has checked
-- refund_refusal. Internal.
create or replace function xuqi.refund_reserve(in_refund_no text, in_actor text, in_staff_id bigint) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    asked    refund;
    due      "order";
    r        renewal;
    reserved bigint;
begin
    select * into strict asked from refund where refund_no = in_refund_no and state = 'asked';
    select * into strict due from "order" where order_no = asked.order_no;
    select * into strict r from renewal where renewal_no = asked.renewal_no;
    if asked.cause in ('cancellation', 'staff') and asked.retry_of is null then
        if r.status in ('issued', 'completed') then
            perform refund_revenue(asked, due, r.tax_rate_permyriad, in_actor);
        else
            perform ledger_post('cancel', due.order_no, fingerprint(due.order_no, due.amount_fen::text), now(), in_actor,
                                array[account_open('deferred_revenue', '')], array[due.payer_credit_id],
                                array[due.amount_fen]);
            update renewal
               set status = 'cancelled', decided_at = now(), claimed_by = null, claimed_at = null, claimed_until = null,
                   remind_at = null
             where renewal_no = r.renewal_no;
        end if;
    end if;
    reserved := ledger_post('refund', in_refund_no, fingerprint(in_refund_no, asked.amount_fen::text), now(), in_actor,
                            array[due.payer_credit_id], array[account_open('refund_payable', in_refund_no)],
                            array[asked.amount_fen]);
    update refund
       set state = 'approved', approved_by = in_staff_id, approved_at = now(), reserve_id = reserved
     where refund_no = in_refund_no;
    perform refund_mark(asked, 'approved');
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'refund.approve', asked.renewal_no, in_refund_no);
end
$$;
