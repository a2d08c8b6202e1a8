-- SPDX-License-Identifier: Apache-2.0
-- Lines whose remark holds a number with one or two slips, of a payer whose name or account agrees and who owes just this
-- amount; the nearest number must be alone. Letters that look like digits are read as such. Internal.
create or replace function xuqi.match_misspelt(in_lines bigint[], out matched bigint, out paid bigint)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    found_rows record;
begin
    select array_agg(f.grp) as groups, array_agg(f.line_id) as lines, array_agg(f.order_no) as orders,
           array_agg(f.fen) as fens, array_agg(f.owed) as owed, array_agg(f.rule) as rules, array_agg(f.reason) as reasons
      into found_rows from match_nearest(in_lines) as f;
    select t.matched, t.paid into matched, paid
      from match_take(found_rows.groups, found_rows.lines, found_rows.orders, found_rows.fens, found_rows.owed,
                      found_rows.rules, found_rows.reasons) as t;
end
$$;
