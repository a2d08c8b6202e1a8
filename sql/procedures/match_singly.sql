-- SPDX-License-Identifier: Apache-2.0
-- Books groups of matches one by one, when a rule of the database refused them together: the one that breaks it is not booked and
-- is left to finance, with an event that says why; the others are. The caller holds all locks. Internal.
create or replace function xuqi.match_singly(
    in_groups bigint[], in_line_ids bigint[], in_order_nos text[], in_fens bigint[], in_rules text[], in_reasons text[],
    out matched bigint, out paid bigint)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    one    record;
    booked bigint;
begin
    matched := 0;
    paid := 0;
    for one in
        select array_agg(line_id) as lines, array_agg(order_no) as orders, array_agg(fen) as fens, array_agg(rule) as rules,
               array_agg(reason) as reasons
          from unnest(in_groups, in_line_ids, in_order_nos, in_fens, in_rules, in_reasons)
               as w (grp, line_id, order_no, fen, rule, reason)
         group by grp order by grp
    loop
        begin
            select b.orders_paid into booked
              from match_book(one.lines, one.orders, one.fens, array_fill(null::bigint, array[cardinality(one.lines)]),
                              one.rules, one.reasons, 'matcher') as b;
            matched := matched + cardinality(one.lines);
            paid := paid + booked;
        exception when integrity_constraint_violation then
            insert into audit_event (actor, action, object, detail)
            select distinct 'matcher', 'transfer.refused', o.renewal_no, left(format('lines %s: %s', one.lines, sqlerrm), 500)
              from "order" as o where o.order_no = any (one.orders);
        end;
    end loop;
end
$$;
