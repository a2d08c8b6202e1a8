-- SPDX-License-Identifier: Apache-2.0
-- A gateway's notice that is not booked by itself: it is kept, and the gateway is asked. Safe to receive any number of
-- times. in_opened_at: when the gateway says the payment was opened, part of its identity there.
-- Outcomes: asked, replayed (this transaction is booked), notice_mismatch (unknown attempt, other time or amount: kept,
-- not asked).
create or replace function xuqi.notice_ask(
    in_gateway text, in_attempt_no text, in_gateway_txn text, in_amount_fen bigint, in_opened_at timestamptz,
    in_buyer_masked text, in_raw bytea, in_key_id text, out outcome text, out renewal_no text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    attempt payment_attempt;
    fault   text;
    kept    boolean;
begin
    select r.renewal_no into renewal_no
      from payment_attempt as a
      join "order" as o on o.order_no = a.order_no
      join renewal as r on r.renewal_no = o.renewal_no
     where a.attempt_no = in_attempt_no for update of r;
    select * into attempt from payment_attempt where attempt_no = in_attempt_no;
    fault := case when attempt.attempt_no is null then 'no such attempt'
                  when attempt.gateway <> in_gateway then 'attempt belongs to another gateway'
                  when date_trunc('second', attempt.created_at) <> in_opened_at then 'time of the order differs'
                  when attempt.amount_fen <> in_amount_fen then 'amount differs' end;
    outcome := case when fault is not null then 'notice_mismatch'
                    when exists (select from payment_notice as n
                                  where n.gateway = in_gateway and n.gateway_txn = in_gateway_txn
                                    and n.attempt_no = in_attempt_no and n.verdict in ('settled', 'surplus'))
                    then 'replayed'
                    else 'asked' end;
    kept := notice_keep(case outcome when 'notice_mismatch' then 'mismatch' else outcome end, coalesce(fault, ''),
                        in_gateway, in_attempt_no, in_gateway_txn, in_amount_fen, in_buyer_masked, in_raw, in_key_id,
                        null);
    if kept and outcome <> 'replayed' then
        insert into audit_event (actor, action, object, detail)
        values ('gateway:' || in_gateway, case outcome when 'asked' then 'payment.notice' else 'payment.mismatch' end,
                in_gateway_txn, coalesce(fault, in_attempt_no));
    end if;
    if outcome = 'asked' then
        perform payment_ask(in_attempt_no, now());
    end if;
end
$$;
