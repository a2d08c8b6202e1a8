-- SPDX-License-Identifier: Apache-2.0
-- A refund of a bank transfer goes back where it came from, if that can be told (refund_source); otherwise it waits for a person.
-- The caller holds the renewal's lock and knows that none is under way. Internal; the payment's number, or null.
create or replace function xuqi.refund_payout_queue(in_refund_no text, in_actor text) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    source bigint := refund_source(in_refund_no);
    made   bigint;
    number text;
begin
    if source is null then
        return null;
    end if;
    insert into payout_request (refund_no, line_id, order_no, fen, payer_credit_id)
    select f.refund_no, source, f.order_no, f.amount_fen, o.payer_credit_id
      from refund as f join "order" as o on o.order_no = f.order_no
     where f.refund_no = in_refund_no
    returning id into made;
    number := payout_request_queue(made, in_actor);
    update refund set last_word = 'payout ' || number where refund_no = in_refund_no;
    return number;
end
$$;
