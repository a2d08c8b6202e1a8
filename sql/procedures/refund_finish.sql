-- SPDX-License-Identifier: Apache-2.0
-- The money has gone back: out of the gateway's clearing, or of the bank account that finance paid from. The caller holds
-- the renewal's lock. Internal; safe to call again.
create or replace function xuqi.refund_finish(
    in_refund_no text, in_actor text, in_gateway_refund_no text, in_bank_account text default null,
    in_staff_id bigint default null) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    paid   refund;
    posted bigint;
begin
    select * into strict paid from refund where refund_no = in_refund_no;
    if paid.state = 'done' then
        return;
    end if;
    posted := ledger_post('refund_done', in_refund_no, fingerprint(in_refund_no, paid.amount_fen::text), now(), in_actor,
                          array[account_open('refund_payable', in_refund_no)],
                          array[case when paid.gateway is null then account_open('bank', in_bank_account)
                                     else account_open('gateway_clearing', paid.gateway) end], array[paid.amount_fen]);
    update refund
       set state = 'done', done_id = posted, gateway_refund_no = in_gateway_refund_no, ended_by = in_staff_id,
           ended_at = now()
     where refund_no = in_refund_no;
    perform refund_mark(paid, 'refunded');
    perform enqueue('message', 'refunded', paid.renewal_no, in_refund_no);
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'refund.done', paid.renewal_no, in_refund_no);
end
$$;
