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
    with number as materialized (
        select l.id as line_id, n
          from statement_line as l cross join lateral remark_numbers(l.remark) as n
         where l.id = any (in_lines) and remark_digits(l.remark) >= 17 and line_is_free(l)),
    named_all as (
        select number.line_id, o.order_no, n from number join "order" as o on o.order_no = n
        union all
        select number.line_id, r.order_no, n from number join renewal as r on r.renewal_no = n),
    named as materialized (
        select distinct a.line_id, a.order_no
          from named_all as a
         where not exists (select from named_all as long -- 17 digits may begin the 18 that were meant
                            where long.line_id = a.line_id and length(long.n) = 18 and length(a.n) = 17
                              and left(long.n, 17) = a.n)),
    facts as materialized (
        select n.line_id, n.order_no, l.amount_fen as fen, o.payer_credit_id,
               case when o.state = 'unpaid' then o.amount_fen - o.funded_fen end as owed,
               o.state = 'unpaid' and r.status = 'awaiting_payment' and r.order_no = o.order_no as open,
               (l.payer_name_normal <> '' and l.payer_name_normal = o.payer_name_normal)
               or account_known(l.payer_account_digits, o.payer_credit_id) as agrees,
               count(*) over (partition by n.line_id) as orders_named
          from named as n
          join statement_line as l on l.id = n.line_id
          join "order" as o on o.order_no = n.order_no
          join renewal as r on r.renewal_no = o.renewal_no),
    exact as ( -- the price of all it names
        select line_id from facts group by line_id, fen having bool_and(open) and sum(owed) = fen),
    first_exact as (
        select f.line_id, f.order_no, row_number() over (partition by f.order_no order by f.line_id) as turn
          from facts as f join exact as e on e.line_id = f.line_id),
    whole as (select line_id from first_exact group by line_id having max(turn) = 1),
    pieces as ( -- several lines, one order
        select f.order_no, min(f.line_id) as grp
          from facts as f
         where f.orders_named = 1 and f.open and not exists (select from exact as e where e.line_id = f.line_id)
           and not exists (select from first_exact as e where e.order_no = f.order_no)
         group by f.order_no, f.owed having count(*) > 1 and sum(f.fen) = f.owed),
    chosen as (
        select f.line_id as grp, f.line_id, f.order_no, f.owed as fen, f.owed, 'order_number' as rule,
               case when f.orders_named = 1 then '附言写明单号，金额相符'
                    else format('附言写明%s个单号，金额等于各单之和', f.orders_named) end as reason
          from facts as f join whole as w on w.line_id = f.line_id
        union all
        select p.grp, f.line_id, f.order_no, f.fen, f.owed, 'order_number', '附言写明单号，几笔合计等于应付金额'
          from facts as f join pieces as p on p.order_no = f.order_no
         where f.orders_named = 1 and not exists (select from whole as w where w.line_id = f.line_id)
        union all
        select f.line_id, f.line_id, f.order_no, f.fen, f.owed, 'order_number',
               case when not f.open then '附言写明单号，付款人相符；该单无需付款，记为余额'
                    when f.fen < f.owed then '附言写明单号，付款人相符；部分付款'
                    else '附言写明单号，付款人相符；多付部分记为余额' end
          from facts as f
         where f.orders_named = 1 and f.agrees and not exists (select from whole as w where w.line_id = f.line_id)
           and not exists (select from pieces as p where p.order_no = f.order_no))
    select array_agg(grp) as groups, array_agg(line_id) as lines, array_agg(order_no) as orders, array_agg(fen) as fens,
           array_agg(owed) as owed, array_agg(rule) as rules, array_agg(reason) as reasons
      into found_rows from chosen;
    select t.matched, t.paid into matched, paid
      from match_take(found_rows.groups, found_rows.lines, found_rows.orders, found_rows.fens, found_rows.owed,
                      found_rows.rules, found_rows.reasons) as t;
end
$$;
