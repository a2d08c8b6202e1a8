-- SPDX-License-Identifier: Apache-2.0
-- What match_sums finds, as match_named answers it. Reads only. Internal. Everything is looked up by its key.
create or replace function xuqi.match_summed(in_lines bigint[])
returns table (grp bigint, line_id bigint, order_no text, fen bigint, owed bigint, rule text, reason text)
language plpgsql stable rows 1000 set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
    return query
    with fresh as materialized (
        select l.id, l.payer_name_normal, l.payer_account_digits, l.booked_on
          from free_line as l where l.id = any (in_lines)),
    -- A payer is known by what his orders call him.
    by_name as materialized (
        select distinct f.payer
          from (select f.payer_name_normal as payer,
                       (select true from "order" as o
                         where o.state = 'unpaid' and o.payer_name_normal = f.payer_name_normal limit 1) as owes
                  from fresh as f where name_is_company(f.payer_name_normal) offset 0) as f
         where f.owes),
    by_account as materialized (
        select f.payer_account_digits, min(o.payer_name_normal) as payer
          from (select distinct f.payer_account_digits from fresh as f
                 where f.payer_account_digits <> '' and f.payer_name_normal not in (select payer from by_name)) as f
         -- From the account on, by its own index ("is true" keeps other partial ones out), however few matches are believed to
         -- be there while thousands are written.
         cross join lateral (select m.order_no from transfer_match as m
                              where m.payer_account_digits = f.payer_account_digits and m.payer_account_digits <> ''
                                and (m.undone_at is null) is true offset 0) as m
          join "order" as o on o.order_no = m.order_no
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
    select c.grp, c.line_id, c.order_no, c.fen, c.owed, c.rule, c.reason from chosen as c;
end
$$;
