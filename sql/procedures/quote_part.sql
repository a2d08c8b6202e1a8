-- SPDX-License-Identifier: Apache-2.0
-- One term of a fee table as the problem document shows it; null when the table has no such term. Internal.
create or replace function xuqi.quote_part(in_quote_version bigint, in_months bigint) returns json
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return (select json_build_object(
                       'quote_version', f.fee_table_id, 'amount_fen', f.amount_fen,
                       'items', (select json_agg(json_build_object('name', i.name, 'unit_price_fen', i.unit_fen,
                                                                   'quantity', i.quantity,
                                                                   'subtotal_fen', i.unit_fen * i.quantity)
                                                 order by i.line)
                                   from fee_item as i
                                  where i.fee_table_id = f.fee_table_id and i.months = f.months))
              from fee_term as f where f.fee_table_id = in_quote_version and f.months = in_months);
end
$$;
