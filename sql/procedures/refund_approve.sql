-- SPDX-License-Identifier: Apache-2.0
-- One of finance approves a refund that somebody else has asked for; it goes to the gateway, or to finance where it was
-- paid by bank transfer. Safe to call again. Outcomes: approved, unauthenticated, forbidden, platform_forbidden, duty_conflict, refund_unknown, refund_state,
-- refund_own, renewal_state, invoice_issued, certificate_issued, refund_exceeds, refund_not_whole, refund_spent (one that is tried
-- again, and the payer has used the money since).
create or replace function xuqi.refund_approve(in_token_digest bytea, in_refund_no text, out outcome text, out state text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    asked  refund;
begin
    select * into caller from session_order(
        in_token_digest, (select f.order_no from refund as f where f.refund_no = in_refund_no));
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    asked := refund_locked(in_refund_no);
    state := asked.state;
    outcome := case
        when asked.refund_no is null then 'refund_unknown'
        when asked.approved_by = caller.staff_id then 'approved'
        when asked.state <> 'asked' then 'refund_state'
        when asked.asked_by = caller.staff_id then 'refund_own'
        when asked.cause in ('cancellation', 'staff') and asked.retry_of is null
             then coalesce(refund_refusal(asked.order_no, asked.amount_fen, in_refund_no), 'approved')
        when (select invoice_state from "order" where order_no = asked.order_no) = 'issued' and asked.cause <> 'surplus'
             then 'invoice_issued'
        else 'approved' end;
    if outcome <> 'approved' or asked.state <> 'asked' then
        return;
    end if;
    if asked.retry_of is not null and refund_spent(asked.retry_of) then
        outcome := 'refund_spent';
        return;
    end if;
    perform refund_reserve(in_refund_no, 'staff:' || caller.name, caller.staff_id);
    perform refund_wake(in_refund_no);
    state := 'approved';
end
$$;
