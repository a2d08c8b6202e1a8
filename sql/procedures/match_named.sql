-- SPDX-License-Identifier: Apache-2.0
-- What match_numbers finds: of which line how much goes to which order, in groups that stand or fall together. Reads only.
-- Internal. Everything is looked up by its key: how many numbers are in how many remarks nobody can estimate.
create or replace function xuqi.match_named(in_lines bigint[])
returns table (grp bigint, line_id bigint, order_no text, fen bigint, owed bigint, rule text, reason text)
language plpgsql stable rows 1000 set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
    return query
    with number as materialized (
        select l.id as line_id, n
          from free_line as l cross join lateral remark_numbers(l.remark) as n
         where l.id = any (in_lines) and remark_digits(l.remark) >= 17),
    named_all as (
        select number.line_id, o.order_no, n from number join "order" as o on o.order_no = n where length(n) = 26
        union all
        select number.line_id, r.order_no, n from number join renewal as r on r.renewal_no = n where length(n) < 26),
    named as materialized (
        select distinct a.line_id, a.order_no
          from (select *, bool_or(length(n) = 18) over (partition by line_id, left(n, 17)) as longer from named_all) as a
         where not (length(a.n) = 17 and a.longer)), -- 17 digits may begin the 18 that were meant
    facts as (
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
    -- From here on by windows: a portion has thousands, and joins of what was found would be planned for a few.
    priced as ( -- exact: the price of all it names
        select *, bool_and(open) over line and sum(owed) over line = fen as exact
          from facts window line as (partition by line_id)),
    claimed as (
        select *, row_number() over (partition by order_no, exact order by line_id) as turn,
               bool_or(exact) over (partition by order_no) as order_claimed
          from priced),
    judged as (
        select *, exact and max(turn) over (partition by line_id) = 1 as whole,
               orders_named = 1 and open and not order_claimed as piece
          from claimed),
    pieced as ( -- several lines, one order
        select *, piece and count(*) over of_order > 1 and sum(fen) over of_order = owed as together,
               min(line_id) over of_order as first_line
          from judged window of_order as (partition by order_no, piece)),
    chosen as (
        select line_id as grp, line_id, order_no, owed as fen, owed, 'order_number' as rule,
               case when orders_named = 1 then '附言写明单号，金额相符'
                    else format('附言写明%s个单号，金额等于各单之和', orders_named) end as reason
          from pieced where whole
        union all
        select first_line, line_id, order_no, fen, owed, 'order_number', '附言写明单号，几笔合计等于应付金额'
          from pieced where together
        union all
        select line_id, line_id, order_no, fen, owed, 'order_number',
               case when not open then '附言写明单号，付款人相符；该单无需付款，记为余额'
                    when fen < owed then '附言写明单号，付款人相符；部分付款'
                    else '附言写明单号，付款人相符；多付部分记为余额' end
          from pieced where orders_named = 1 and agrees and not whole and not together)
    select * from chosen;
end
$$;
