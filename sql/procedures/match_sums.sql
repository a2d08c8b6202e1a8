-- SPDX-License-Identifier: Apache-2.0
-- Lines whose amounts add up exactly with what their payer owes (sums_explain). Who the payer is say the company's name or
-- an account that he has paid from before; a person's name is not enough, there are many of the same. All free lines of
-- these payers within 90 days are weighed, not only those given: the first half may have come before. Lines that name an
-- order, or hold another long number, are about something. Internal.
create or replace function xuqi.match_sums(in_lines bigint[], out matched bigint, out paid bigint)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    found_rows record;
begin
    select array_agg(f.grp) as groups, array_agg(f.line_id) as lines, array_agg(f.order_no) as orders,
           array_agg(f.fen) as fens, array_agg(f.owed) as owed, array_agg(f.rule) as rules, array_agg(f.reason) as reasons
      into found_rows from match_summed(in_lines) as f;
    select t.matched, t.paid into matched, paid
      from match_take(found_rows.groups, found_rows.lines, found_rows.orders, found_rows.fens, found_rows.owed,
                      found_rows.rules, found_rows.reasons) as t;
end
$$;
