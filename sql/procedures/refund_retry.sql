-- SPDX-License-Identifier: Apache-2.0
-- One of finance has a failed refund tried again: a refund of its own with a new number, which is decided like the first. One of
-- a bank transfer whose payout failed or came back, or had none, is still due: it keeps its number and gets another payout.
-- Safe to call again. Outcomes: asked, unauthenticated, forbidden, platform_forbidden, duty_conflict, refund_unknown, refund_state (it has not failed: an
-- unknown one keeps its number), refund_spent (the payer has used the money since),
-- payer_account_unknown (it cannot be told where a bank transfer goes back to).
create or replace function xuqi.refund_retry(
    in_token_digest bytea, in_refund_no text, out outcome text, out refund_no text, out state text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    failed refund;
begin
    select * into caller from session_order(
        in_token_digest, (select f.order_no from refund as f where f.refund_no = in_refund_no));
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    failed := refund_locked(in_refund_no);
    outcome := case when failed.refund_no is null then 'refund_unknown'
                    when failed.state = 'awaiting_payout' then 'payout'
                    when failed.state <> 'failed' then 'refund_state'
                    else 'asked' end;
    if outcome = 'payout' then
        refund_no := in_refund_no;
        state := failed.state;
        outcome := case when exists (select from payout_request as q where q.refund_no = in_refund_no and q.state <> 'failed')
                             or refund_payout_queue(in_refund_no, 'staff:' || caller.name) is not null then 'asked'
                        else 'payer_account_unknown' end;
        return;
    elsif outcome <> 'asked' then
        return;
    end if;
    select f.refund_no, f.state into refund_no, state from refund as f
     where f.retry_of = in_refund_no and f.state <> 'refused';
    if not found then
        if refund_spent(in_refund_no) then
            outcome := 'refund_spent';
            return;
        end if;
        refund_no := refund_create(failed.cause, failed.order_no, failed.payment_id, failed.amount_fen, failed.reason,
                                   'staff:' || caller.name, caller.staff_id, in_refund_no);
        state := 'asked';
    end if;
end
$$;
