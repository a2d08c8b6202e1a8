-- SPDX-License-Identifier: Apache-2.0
-- Books a gateway's verified word once. Safe to receive any number of times, from notices and queries alike.
-- The other attempts are closed at their gateways, and surplus is on its way back at once.
-- Outcomes: settled, replayed (booked before), surplus (money nobody owed: kept as the payer's, to be refunded),
-- notice_mismatch (unknown attempt, other amount, or a known transaction with another content: kept, not booked).
create or replace function xuqi.payment_settle(
    in_gateway text, in_attempt_no text, in_gateway_txn text, in_amount_fen bigint, in_paid_at timestamptz,
    in_buyer_masked text, in_raw bytea, in_key_id text,
    out outcome text, out renewal_no text, out status text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    mark     bytea := fingerprint(in_gateway, in_gateway_txn, in_attempt_no, in_amount_fen::text);
    known    bytea;
    attempt  payment_attempt;
    due      "order";
    fault    text;
    clearing bigint;
    posted   bigint;
    payable  boolean;
    surplus_of bigint;
begin
    -- Everything about a renewal waits for its row: the first of many equal notices books, the others see it.
    select r.renewal_no, r.status::text into renewal_no, status
      from payment_attempt as a
      join "order" as o on o.order_no = a.order_no
      join renewal as r on r.renewal_no = o.renewal_no
     where a.attempt_no = in_attempt_no for update of r;
    select * into attempt from payment_attempt where attempt_no = in_attempt_no;
    select * into due from "order" where order_no = attempt.order_no;
    select fingerprint into known from posting
     where event_type = 'gateway' and event_key = in_gateway || ':' || in_gateway_txn;
    fault := case when known <> mark then 'transaction is known with another content'
                  when attempt.attempt_no is null then 'no such attempt'
                  when attempt.gateway <> in_gateway then 'attempt belongs to another gateway'
                  when attempt.amount_fen <> in_amount_fen then 'amount differs' end;
    if fault is not null then
        if notice_keep('mismatch', fault, in_gateway, in_attempt_no, in_gateway_txn, in_amount_fen, in_buyer_masked,
                       in_raw, in_key_id, null) then
            insert into audit_event (actor, action, object, detail)
            values ('gateway:' || in_gateway, 'payment.mismatch', in_gateway_txn, fault);
        end if;
        outcome := 'notice_mismatch';
        return;
    end if;
    if known is not null then
        perform notice_keep('replayed', '', in_gateway, in_attempt_no, in_gateway_txn, in_amount_fen,
                            in_buyer_masked, in_raw, in_key_id, null);
        outcome := 'replayed';
        return;
    end if;

    payable := due.state = 'unpaid' and status = 'awaiting_payment';
    outcome := case when payable then 'settled' else 'surplus' end;
    clearing := account_open('gateway_clearing', in_gateway);
    if payable then
        posted := ledger_post('gateway', in_gateway || ':' || in_gateway_txn, mark, in_paid_at,
                              'gateway:' || in_gateway, array[clearing, due.payer_credit_id],
                              array[due.payer_credit_id, due.receivable_id], array[in_amount_fen, in_amount_fen]);
        update "order"
           set state = 'paid', paid_at = in_paid_at, paid_gateway = in_gateway, paid_attempt_no = in_attempt_no,
               paid_gateway_txn = in_gateway_txn
         where order_no = due.order_no;
        update payment_attempt set state = 'paid', gateway_txn = in_gateway_txn, paid_at = in_paid_at
         where attempt_no = in_attempt_no;
        perform payment_close(renewal_no);
        status := renewal_move(renewal_no)::text;
        perform enqueue('message', 'paid', renewal_no);
    else
        posted := ledger_post('gateway', in_gateway || ':' || in_gateway_txn, mark, in_paid_at,
                              'gateway:' || in_gateway, array[clearing], array[due.payer_credit_id],
                              array[in_amount_fen]);
        insert into surplus (posting_id, renewal_no, order_no, attempt_no, gateway, gateway_txn, amount_fen, reason)
        values (posted, renewal_no, due.order_no, in_attempt_no, in_gateway, in_gateway_txn, in_amount_fen,
                case when due.state = 'paid' then 'paid_twice' else 'not_payable' end);
        update payment_attempt set state = 'surplus', gateway_txn = in_gateway_txn, paid_at = in_paid_at
         where attempt_no = in_attempt_no and state not in ('paid', 'surplus');
        surplus_of := posted;
    end if;
    perform notice_keep(outcome, '', in_gateway, in_attempt_no, in_gateway_txn, in_amount_fen, in_buyer_masked,
                        in_raw, in_key_id, posted);
    if surplus_of is not null then
        perform refund_create('surplus', due.order_no, surplus_of, in_amount_fen, '', 'system');
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('gateway:' || in_gateway, 'payment.' || outcome, renewal_no, in_gateway_txn);
end
$$;
