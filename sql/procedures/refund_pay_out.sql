-- SPDX-License-Identifier: Apache-2.0
-- One of finance says that a refund of a bank transfer has been paid: from which account of ours, and under which reference
-- of the bank. Safe to call again. Outcomes: done, unauthenticated, forbidden, platform_forbidden, duty_conflict, refund_unknown, refund_state,
-- refund_differs (paid under another reference).
create or replace function xuqi.refund_pay_out(
    in_token_digest bytea, in_refund_no text, in_bank_account text, in_bank_reference text,
    out outcome text, out state text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      refund;
begin
    select * into caller from session_order(
        in_token_digest, (select f.order_no from refund as f where f.refund_no = in_refund_no));
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    r := refund_locked(in_refund_no);
    state := r.state;
    outcome := case when r.refund_no is null then 'refund_unknown'
                    when r.state = 'done' and r.payment_id is null
                         then case when r.gateway_refund_no = in_bank_reference then 'done' else 'refund_differs' end
                    when r.state <> 'awaiting_payout' then 'refund_state'
                    else 'done' end;
    if outcome <> 'done' or r.state = 'done' then
        return;
    end if;
    perform refund_finish(in_refund_no, 'staff:' || caller.name, in_bank_reference, in_bank_account, caller.staff_id);
    state := 'done';
end
$$;
