-- SPDX-License-Identifier: Apache-2.0
-- Lines whose amounts add up exactly with what their payer owes (sums_explain). Who the payer is say the company's name or
-- an account that he has paid from before; a person's name is not enough, there are many of the same. All free lines of
-- these payers within 90 days are weighed, not only those given: the first half may have come before. Lines that name an
-- order, or hold another long number, are about something. Internal.
create or replace function xuqi.match_sums(in_lines bigint[], out matched bigint, out paid bigint)
language plpgsql set search_path = xuqi, pg_temp set jit = off as $$
#variable_conflict use_column
declare
    found_rows record;
begin
    with fresh as materialized (
        select l.id, l.payer_name_normal, l.payer_account_digits, l.booked_on
          from free_line as l where l.id = any (in_lines)),
    -- A payer is known by what his orders call him.
    by_name as materialized (
        select distinct f.payer_name_normal as payer
          from fresh as f
         where name_is_company(f.payer_name_normal)
           and exists (select from "order" as o where o.state = 'unpaid' and o.payer_name_normal = f.payer_name_normal)),
    by_account as materialized (
        select f.payer_account_digits, min(o.payer_name_normal) as payer
          from fresh as f
          join statement_line as before on before.payer_account_digits = f.payer_account_digits
          join transfer_match as m on m.line_id = before.id and m.undone_at is null
          join "order" as o on o.order_no = m.order_no
         where f.payer_account_digits <> '' and f.payer_name_normal not in (select payer from by_name)
           and before.payer_account_digits <> ''
         group by f.payer_account_digits having count(distinct o.payer_name_normal) = 1),
    payers as materialized (
        select payer from by_name union select payer from by_account where payer <> ''),
    owed as materialized (
        select p.payer, array_agg(o.order_no order by o.order_no) as orders,
               array_agg(o.amount_fen - o.funded_fen order by o.order_no) as fens,
               array_agg(beijing(o.created_at)::date order by o.order_no) as days
          from payers as p
          join "order" as o on o.payer_name_normal = p.payer and o.state = 'unpaid'
          join renewal as r on r.renewal_no = o.renewal_no and r.order_no = o.order_no and r.status = 'awaiting_payment'
                           and 'bank_transfer' = any (r.payment_methods)
         group by p.payer),
    came as (
        select p.payer, l.id
          from by_name as p join statement_line as l on l.payer_name_normal = p.payer and l.payer_name_normal <> ''
        union
        select p.payer, l.id
          from by_account as p
          join statement_line as l on l.payer_account_digits = p.payer_account_digits and l.payer_account_digits <> ''),
    received as materialized (
        select c.payer, array_agg(l.id order by l.id) as lines, array_agg(l.amount_fen order by l.id) as fens,
               array_agg(l.booked_on order by l.id) as days
          from came as c join free_line as l on l.id = c.id
         where l.booked_on >= beijing(now())::date - 90
           and remark_normal(l.remark) !~ '[0-9]{12}'
         group by c.payer),
    chosen as (
        select least(r.lines[e.line_at], min(r.lines[e.line_at]) over (partition by o.orders[e.order_at])) as grp,
               r.lines[e.line_at] as line_id, o.orders[e.order_at] as order_no,
               case e.rule when 'many_to_one' then r.fens[e.line_at] else o.fens[e.order_at] end as fen,
               o.fens[e.order_at] as owed, e.rule,
               case e.rule when 'one_to_one' then '付款人相符，金额等于应付金额'
                           when 'one_to_many' then '付款人相符，金额等于其几个订单之和'
                           else '付款人相符，几笔合计等于应付金额' end as reason
          from owed as o
          join received as r on r.payer = o.payer
         cross join lateral sums_explain(r.fens, r.days, o.fens, o.days) as e)
    select array_agg(grp) as groups, array_agg(line_id) as lines, array_agg(order_no) as orders, array_agg(fen) as fens,
           array_agg(owed) as owed, array_agg(rule) as rules, array_agg(reason) as reasons
      into found_rows from chosen;
    select t.matched, t.paid into matched, paid
      from match_take(found_rows.groups, found_rows.lines, found_rows.orders, found_rows.fens, found_rows.owed,
                      found_rows.rules, found_rows.reasons) as t;
end
$$;
