-- SPDX-License-Identifier: Apache-2.0
-- What jobs has to do for a refund. Approves what nobody need decide: surplus and rejection up to in_limit_fen. Answers
-- "send" once, with the state sent committed before the gateway is called; from then on the gateway is asked first. Safe to
-- call again. Outcomes: send, ask, waiting (a person must decide), payout (by bank: the payout queued for it pays it, or finance), ended, refund_unknown.
create or replace function xuqi.refund_begin(
    in_refund_no text, in_limit_fen bigint,
    out outcome text, out method text, out gateway text, out renewal_no text, out attempt_no text, out gateway_txn text,
    out paid_fen bigint, out amount_fen bigint, out opened_at timestamptz, out sent_at timestamptz,
    out refused_there boolean)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r refund;
begin
    r := refund_locked(in_refund_no);
    if r.state = 'asked' and r.cause in ('surplus', 'rejection') and r.amount_fen <= in_limit_fen
       and (r.cause = 'surplus' or (select invoice_state from "order" where order_no = r.order_no) <> 'issued') then
        perform refund_reserve(in_refund_no, 'system', null);
        r.state := 'approved';
    end if;
    if r.state = 'approved' then
        update refund
           set state = case when payment_id is null then 'awaiting_payout' else 'sent' end,
               sent_at = case when payment_id is not null then now() end
         where refund_no = in_refund_no;
        if r.payment_id is null then
            perform refund_payout_queue(in_refund_no, 'jobs');
        end if;
    end if;
    outcome := case when r.refund_no is null then 'refund_unknown'
                    when r.state = 'asked' then 'waiting'
                    when r.state = 'awaiting_payout' or r.state = 'approved' and r.payment_id is null then 'payout'
                    when r.state = 'approved' then 'send'
                    when r.state in ('sent', 'unknown') then 'ask'
                    else 'ended' end;
    select a.method, f.gateway, f.renewal_no, f.attempt_no, f.gateway_txn, f.paid_fen, f.amount_fen, a.created_at,
           f.sent_at, f.refused_there
      into method, gateway, renewal_no, attempt_no, gateway_txn, paid_fen, amount_fen, opened_at, sent_at, refused_there
      from refund as f left join payment_attempt as a on a.attempt_no = f.attempt_no
     where f.refund_no = in_refund_no;
end
$$;
