-- SPDX-License-Identifier: Apache-2.0
-- No money has gone back, and none will under this number: it is the payer's credit again, which one of the staff may try
-- to give back anew. The caller holds the renewal's lock. Internal.
create or replace function xuqi.refund_fail(in_refund_no text, in_actor text, in_said text, in_staff_id bigint default null)
returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    failed refund;
    due    "order";
begin
    select * into strict failed from refund where refund_no = in_refund_no;
    select * into strict due from "order" where order_no = failed.order_no;
    perform ledger_post('refund_failed', in_refund_no, fingerprint(in_refund_no, failed.amount_fen::text), now(),
                        in_actor, array[account_open('refund_payable', in_refund_no)], array[due.payer_credit_id],
                        array[failed.amount_fen], failed.reserve_id);
    update refund set state = 'failed', last_word = left(in_said, 100), ended_by = in_staff_id, ended_at = now()
     where refund_no = in_refund_no;
    perform refund_mark(failed, 'due');
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'refund.failed', failed.renewal_no, in_refund_no || ' ' || in_said);
end
$$;
