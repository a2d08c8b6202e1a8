-- SPDX-License-Identifier: Apache-2.0
-- One of finance says that he has paid a refund of a bank transfer by hand: from which account of ours, and under which reference
-- of the bank. For what no payout pays: it cannot be told where it goes, the last one failed or came back, or it waits for
-- a person and has not been exported; that one is over then. Safe to call again. Outcomes: done, unauthenticated, forbidden, platform_forbidden,
-- duty_conflict, refund_unknown, refund_state, refund_differs (paid under another reference), refund_paying (the bank is or may be paying it),
-- collecting_account_unknown (no bank account of ours).
create or replace function xuqi.refund_pay_out(
    in_token_digest bytea, in_refund_no text, in_bank_account text, in_bank_reference text,
    out outcome text, out state text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      refund;
    held   payout;
begin
    select * into caller from session_order(
        in_token_digest, (select f.order_no from refund as f where f.refund_no = in_refund_no));
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    r := refund_locked(in_refund_no);
    state := r.state;
    select p.* into held from payout as p join payout_request as q on q.id = p.request_id
     where q.refund_no = in_refund_no and q.state <> 'failed';
    perform from outbox where topic = 'payout' and event = held.client_id for update;
    select * into held from payout where client_id = held.client_id for update;
    outcome := case when r.refund_no is null then 'refund_unknown'
                    when r.state = 'done' and r.payment_id is null
                         then case when r.gateway_refund_no = in_bank_reference then 'done' else 'refund_differs' end
                    when r.state <> 'awaiting_payout' then 'refund_state'
                    when held.state <> 'queued' or exists (select from outbox as o where o.topic = 'payout'
                                                              and o.event = held.client_id and o.state <> 'dead') then 'refund_paying'
                    when bank_account_known(in_bank_account) is null then 'collecting_account_unknown'
                    else 'done' end;
    if outcome <> 'done' or r.state = 'done' then
        return;
    end if;
    if held.client_id is not null then
        perform payout_end(held.client_id, 'failed', 'not_needed', 'paid by hand');
    end if;
    perform refund_finish(in_refund_no, 'staff:' || caller.name, in_bank_reference, in_bank_account, caller.staff_id);
    state := 'done';
end
$$;
