-- SPDX-License-Identifier: Apache-2.0
-- One of finance notes an order's invoice: issued under a number, later reversed by a red letter's number. While it is
-- issued and not reversed the order's price does not go back. Safe to call again. Outcomes: noted, unauthenticated,
-- forbidden, order_unknown, renewal_state (not paid, or not issued before it is reversed).
create or replace function xuqi.order_invoice(
    in_token_digest bytea, in_order_no text, in_state text, in_number text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    due    "order";
begin
    select * into caller from session_order(in_token_digest, in_order_no);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    perform from renewal as n join "order" as o on o.renewal_no = n.renewal_no
      where o.order_no = in_order_no for update of n;
    select * into due from "order" where order_no = in_order_no;
    outcome := case when due.order_no is null then 'order_unknown'
                    when (due.invoice_state, due.invoice_number) = (in_state, in_number) then 'noted'
                    when due.state <> 'paid' or (in_state = 'reversed') <> (due.invoice_state = 'issued')
                         then 'renewal_state'
                    else 'noted' end;
    if outcome <> 'noted' or (due.invoice_state, due.invoice_number) = (in_state, in_number) then
        return;
    end if;
    update "order" set invoice_state = in_state, invoice_number = in_number where order_no = in_order_no;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'invoice.' || in_state, due.renewal_no, in_order_no || ' ' || in_number);
end
$$;
