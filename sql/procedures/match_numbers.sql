-- SPDX-License-Identifier: Apache-2.0
-- Lines whose remark names orders exactly. Without the payer's name or account the amounts must agree as well: a line is
-- the price of all it names, or several lines that name one order are its price together. Where the payer agrees, a line
-- that names one order is his part payment, his payment, or more than he owes, which becomes his credit. Internal.
create or replace function xuqi.match_numbers(in_lines bigint[], out matched bigint, out paid bigint)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    found_rows record;
begin
    select array_agg(f.grp) as groups, array_agg(f.line_id) as lines, array_agg(f.order_no) as orders,
           array_agg(f.fen) as fens, array_agg(f.owed) as owed, array_agg(f.rule) as rules, array_agg(f.reason) as reasons
      into found_rows from match_named(in_lines) as f;
    select t.matched, t.paid into matched, paid
      from match_take(found_rows.groups, found_rows.lines, found_rows.orders, found_rows.fens, found_rows.owed,
                      found_rows.rules, found_rows.reasons) as t;
end
$$;
