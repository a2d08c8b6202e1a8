-- SPDX-License-Identifier: Apache-2.0
-- One of finance asks for a refund of an order's price, which another one must approve. in_key: the asker's own number of
-- this request; the same again is answered the same. Outcomes: asked, unauthenticated, forbidden, order_unknown,
-- refund_differs (the key stands for something else), renewal_state, invoice_issued, certificate_issued, refund_exceeds,
-- refund_not_whole.
create or replace function xuqi.refund_ask(
    in_token_digest bytea, in_order_no text, in_amount_fen bigint, in_reason text, in_key text,
    out outcome text, out refund_no text, out state text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    known  refund;
begin
    select * into caller from session_order(in_token_digest, in_order_no);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    perform from renewal as n join "order" as o on o.renewal_no = n.renewal_no
      where o.order_no = in_order_no for update of n;
    if not found then
        outcome := 'order_unknown';
        return;
    end if;
    select f.* into known from refund as f where f.asked_by = caller.staff_id and f.request_key = in_key;
    outcome := case when known.refund_no is null then coalesce(refund_refusal(in_order_no, in_amount_fen, null), 'asked')
                    when (known.order_no, known.amount_fen, known.reason) = (in_order_no, in_amount_fen, in_reason)
                         then 'asked'
                    else 'refund_differs' end;
    if outcome <> 'asked' then
        return;
    end if;
    refund_no := known.refund_no;
    if refund_no is null then
        refund_no := refund_create('staff', in_order_no, refund_payment(in_order_no), in_amount_fen, in_reason,
                                   'staff:' || caller.name, caller.staff_id, null, in_key);
    end if;
    select f.state into state from refund as f where f.refund_no = refund_ask.refund_no;
end
$$;
