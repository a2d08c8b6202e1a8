-- SPDX-License-Identifier: Apache-2.0
-- What a platform charges now: a row per item, by term and line; none when no fee table is in force. Reads only.
create or replace function xuqi.quote_get(in_platform text)
returns table (quote_version bigint, effective_from timestamptz, months bigint, amount_fen bigint, name text,
               unit_fen bigint, quantity bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select t.id, t.effective_from, f.months, f.amount_fen, i.name, i.unit_fen, i.quantity
      from fee_table as t
      join fee_term as f on f.fee_table_id = t.id
      join fee_item as i on i.fee_table_id = f.fee_table_id and i.months = f.months
     where t.id = quote_at(in_platform, now())
     order by f.months, i.line;
end
$$;
