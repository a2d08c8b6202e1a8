-- SPDX-License-Identifier: Apache-2.0
-- Has the money of a failed refund been used meanwhile? It is the payer's credit (账户余额) from the failure on: he may have paid
-- another order with it, or got it back by bank. What a surplus or a rejection owes is kept for him and never used. Holds the
-- balance until commit; the caller holds the renewal's lock. Internal.
create or replace function xuqi.refund_spent(in_failed_no text) returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    failed refund;
    credit bigint;
begin
    select * into strict failed from refund where refund_no = in_failed_no;
    if failed.cause in ('surplus', 'rejection') then
        return false;
    end if;
    select payer_credit_id into strict credit from "order" where order_no = failed.order_no;
    perform from balance where account_id = credit for update;
    return credit_free(credit) < failed.amount_fen;
end
$$;
