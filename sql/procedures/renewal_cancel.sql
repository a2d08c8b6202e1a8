-- SPDX-License-Identifier: Apache-2.0
-- The applicant withdraws. Before paying: cancelled at once, the invoice reversed, open payments closed at their gateways;
-- what is still paid is surplus. After paying and before issuance: a refund of the whole price is asked for, which finance
-- approves; the renewal goes on until then. Safe to call again.
-- Outcomes: cancelled, refund_asked, renewal_unknown, renewal_state.
create or replace function xuqi.renewal_cancel(
    in_renewal_no text, out outcome text, out status text, out refund_no text, out amount_fen bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r   renewal;
    due "order";
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    status := r.status::text;
    outcome := case
        when r.renewal_no is null then 'renewal_unknown'
        when status in ('draft', 'awaiting_payment', 'cancelled') then 'cancelled'
        when status in ('awaiting_review', 'returned', 'awaiting_account', 'awaiting_install') then 'refund_asked'
        else 'renewal_state' end;
    if outcome = 'refund_asked' then
        select f.refund_no, f.amount_fen into refund_no, amount_fen from refund as f
         where f.order_no = r.order_no and f.state = 'asked' and f.cause in ('cancellation', 'staff')
         order by f.cause limit 1;
        if not found then
            select * into strict due from "order" where order_no = r.order_no;
            amount_fen := due.amount_fen;
            refund_no := refund_create('cancellation', due.order_no, refund_payment(due.order_no), due.amount_fen, '',
                                       'applicant');
        end if;
        return;
    end if;
    if outcome <> 'cancelled' or status = 'cancelled' then
        return;
    end if;
    update renewal set status = 'cancelled', decided_at = now() where renewal_no = in_renewal_no;
    perform payment_close(in_renewal_no);
    perform order_cancel(in_renewal_no, 'applicant');
    perform enqueue('message', 'cancelled', in_renewal_no);
    insert into audit_event (actor, action, object) values ('applicant', 'renewal.cancel', in_renewal_no);
    status := 'cancelled';
end
$$;
