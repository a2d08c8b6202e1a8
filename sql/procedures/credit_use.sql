-- SPDX-License-Identifier: Apache-2.0
-- Puts the payer's free credit (账户余额) aside for a renewal's order, as much as is still owed; in full, the order is paid.
-- Safe to call again: what is owed then is less.
-- Outcomes: used, renewal_unknown, already_paid, renewal_state, credit_absent.
create or replace function xuqi.credit_use(
    in_renewal_no text, out outcome text, out used_fen bigint, out status text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r   renewal;
    due "order";
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    select * into due from "order" where order_no = r.order_no;
    -- Two orders of one payer at once: the balance is what they queue at.
    perform from balance where account_id = due.payer_credit_id for update;
    used_fen := least(credit_free(due.payer_credit_id), due.amount_fen - due.funded_fen);
    status := r.status::text;
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when due.state = 'paid' then 'already_paid'
                    when r.status <> 'awaiting_payment' or due.state <> 'unpaid' then 'renewal_state'
                    when used_fen <= 0 then 'credit_absent'
                    else 'used' end;
    if outcome <> 'used' then
        used_fen := 0;
        return;
    end if;
    update "order" set funded_fen = funded_fen + used_fen where order_no = due.order_no;
    update renewal set version = version where renewal_no = in_renewal_no;
    insert into audit_event (actor, action, object, detail)
    values ('applicant', 'credit.use', in_renewal_no, format('%s fen', used_fen));
    perform orders_settle(array[due.order_no], 'applicant');
    select r.status::text into status from renewal as r where r.renewal_no = in_renewal_no;
end
$$;
