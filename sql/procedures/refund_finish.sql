-- SPDX-License-Identifier: Apache-2.0
-- The money has gone back: out of the gateway's clearing, or of the bank account that finance paid from by hand. The caller holds
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
                          array[case when paid.gateway is null then bank_account_known(in_bank_account)
                                     else account_open('gateway_clearing', paid.gateway) end], array[paid.amount_fen]);
    perform refund_paid(paid, posted, in_gateway_refund_no, in_actor, in_staff_id);
end
$$;
