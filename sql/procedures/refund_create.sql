-- SPDX-License-Identifier: Apache-2.0
-- Asks for a refund under a new number. in_payment_id: refund_payment, or a surplus's posting. What nobody need decide
-- (surplus, rejection) goes to jobs at once. The caller holds the renewal's lock and has checked refund_refusal where a
-- person asks. Internal; answers the number.
create or replace function xuqi.refund_create(
    in_cause text, in_order_no text, in_payment_id bigint, in_amount_fen bigint, in_reason text, in_actor text,
    in_asked_by bigint default null, in_retry_of text default null, in_key text default null) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    due    "order";
    paid   payment_notice;
    number text;
begin
    select * into strict due from "order" where order_no = in_order_no for update;
    select * into paid from payment_notice where posting_id = in_payment_id;
    number := in_order_no || 'R' || (select lpad((count(*) + 1)::text, 3, '0') from refund where order_no = in_order_no);
    insert into refund (refund_no, renewal_no, order_no, cause, payment_id, attempt_no, gateway, gateway_txn, paid_fen,
                        amount_fen, reason, asked_by, retry_of, request_key)
    values (number, due.renewal_no, in_order_no, in_cause, in_payment_id, paid.attempt_no, paid.gateway,
            paid.gateway_txn, coalesce(paid.amount_fen, due.amount_fen), in_amount_fen, left(in_reason, 500), in_asked_by,
            in_retry_of, in_key);
    if in_cause in ('surplus', 'rejection') then
        perform refund_wake(number);
    end if;
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'refund.ask', due.renewal_no, number || ' ' || in_cause || ' ' || in_amount_fen);
    return number;
end
$$;
