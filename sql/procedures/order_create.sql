-- SPDX-License-Identifier: Apache-2.0
-- An order of a renewal with its lines, those of a fee table's term, its accounts and the invoice posting: receivable /
-- deferred revenue. Internal; raises when the lines do not add up to the amount.
create or replace function xuqi.order_create(
    in_order_no text, in_renewal_no text, in_amount_fen bigint, in_payer text, in_quote_version bigint,
    in_months bigint) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    receivable bigint := account_open('receivable', in_order_no);
    total      bigint;
begin
    insert into "order" (order_no, renewal_no, amount_fen, receivable_id, payer_credit_id)
    values (in_order_no, in_renewal_no, in_amount_fen, receivable, account_open('payer_credit', in_payer));
    with lines as (
        insert into order_line (order_no, line, name, unit_fen, quantity)
        select in_order_no, line, name, unit_fen, quantity
          from fee_item where fee_table_id = in_quote_version and months = in_months
        returning unit_fen * quantity as fen)
    select sum(fen) into total from lines;
    if total is distinct from in_amount_fen then
        raise exception 'order %: its lines add up to %, not to %', in_order_no, total, in_amount_fen
            using errcode = '23514';
    end if;
    perform ledger_post('invoice', in_order_no, fingerprint(in_order_no, in_amount_fen::text), now(), 'system',
                        array[receivable], array[account_open('deferred_revenue', '')], array[in_amount_fen]);
end
$$;
