-- SPDX-License-Identifier: Apache-2.0
-- Books matches that were found without locks: locks their renewals, then their lines, each in order, drops whatever has
-- changed meanwhile together with all that depends on it (one group), and books the rest: together, or where the database refuses
-- something of it, each group by itself. Internal. Two matchers on one line: the second finds it taken. Everything is looked up by
-- its key, however many lines and orders there are.
create or replace function xuqi.match_take(
    in_groups bigint[], in_line_ids bigint[], in_order_nos text[], in_fens bigint[], in_owed_fens bigint[],
    in_rules text[], in_reasons text[], out matched bigint, out paid bigint)
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
    chosen record;
begin
    matched := 0;
    paid := 0;
    if coalesce(cardinality(in_groups), 0) = 0 then
        return;
    end if;
    perform from renewal as r
      where r.renewal_no = any (array(select o.renewal_no from "order" as o where o.order_no = any (in_order_nos)))
      order by r.renewal_no for update;
    perform from statement_line as l where l.id = any (in_line_ids) order by l.id for update;
    with wanted as materialized (
        select * from unnest(in_groups, in_line_ids, in_order_nos, in_fens, in_owed_fens, in_rules, in_reasons)
                      as w (grp, line_id, order_no, fen, owed_fen, rule, reason)),
    broken as (
        select distinct w.grp
          from wanted as w
          join "order" as o on o.order_no = w.order_no
          join statement_line as l on l.id = w.line_id
         where l.taken_fen <> 0 or l.reversed_by is not null
            or w.owed_fen is distinct from case o.state when 'unpaid' then o.amount_fen - o.funded_fen end)
    select array_agg(grp) as groups, array_agg(line_id) as lines, array_agg(order_no) as orders, array_agg(fen) as fens,
           array_agg(rule) as rules, array_agg(reason) as reasons
      into chosen
      from wanted where grp not in (select grp from broken);
    if chosen.lines is null then
        return;
    end if;
    begin
        select b.orders_paid into paid
          from match_book(chosen.lines, chosen.orders, chosen.fens,
                          array_fill(null::bigint, array[cardinality(chosen.lines)]), chosen.rules, chosen.reasons,
                          'matcher') as b;
        matched := cardinality(chosen.lines);
    exception when integrity_constraint_violation then
        raise warning 'matching: % lines are booked one by one: %', cardinality(chosen.lines), sqlerrm;
        select t.matched, t.paid into matched, paid
          from match_singly(chosen.groups, chosen.lines, chosen.orders, chosen.fens, chosen.rules, chosen.reasons) as t;
    end;
end
$$;
