-- SPDX-License-Identifier: Apache-2.0
-- Lines whose remark holds a number with one or two slips, of a payer whose name or account agrees and who owes just this
-- amount; the nearest number must be alone. Letters that look like digits are read as such. Internal.
create or replace function xuqi.match_misspelt(in_lines bigint[], out matched bigint, out paid bigint)
language plpgsql set search_path = xuqi, pg_temp set jit = off as $$
#variable_conflict use_column
declare
    found_rows record;
begin
    with written as materialized (
        select l.id as line_id, l.amount_fen as fen, l.payer_name_normal, l.payer_account_digits, l.booked_on,
               translate(run[1], 'OIL', '011') as number
          from free_line as l
         cross join lateral regexp_matches(remark_normal(l.remark), '[0-9OIL]{16,27}', 'g') as run
         where l.id = any (in_lines) and remark_digits(l.remark) >= 16),
    payer as (
        select w.line_id, o.order_no
          from written as w join "order" as o on o.payer_name_normal = w.payer_name_normal and o.state = 'unpaid'
         where w.payer_name_normal <> ''
        union
        select w.line_id, o.order_no
          from written as w
          join statement_line as before on before.payer_account_digits = w.payer_account_digits
          join transfer_match as m on m.line_id = before.id and m.undone_at is null
          join "order" as o on o.payer_credit_id = m.payer_credit_id and o.state = 'unpaid'
         where w.payer_account_digits <> ''),
    compared as (
        select w.line_id, w.fen, o.order_no,
               min(least(digits_apart(w.number, o.order_no), digits_apart(w.number, o.renewal_no))) as apart
          from written as w
          join payer as p on p.line_id = w.line_id
          join "order" as o on o.order_no = p.order_no
          join renewal as r on r.renewal_no = o.renewal_no and r.status = 'awaiting_payment' and r.order_no = o.order_no
         where not exists (select from remark_orders((select remark from statement_line where id = w.line_id)))
         group by w.line_id, w.fen, o.order_no),
    nearest as (
        select distinct on (line_id) line_id, order_no, fen, apart,
               count(*) over (partition by line_id, apart) as alike
          from compared where apart <= 2 order by line_id, apart, order_no),
    chosen as (
        select n.line_id, n.order_no, n.fen, n.apart
          from nearest as n join "order" as o on o.order_no = n.order_no
         where n.alike = 1 and o.amount_fen - o.funded_fen = n.fen
           and not exists (select from nearest as other where other.order_no = n.order_no and other.line_id < n.line_id))
    select array_agg(line_id) as lines, array_agg(order_no) as orders, array_agg(fen) as fens,
           array_agg('order_number_misspelt'::text) as rules,
           array_agg(format('附言单号有%s处笔误，付款人和金额相符', apart)) as reasons
      into found_rows from chosen;
    select t.matched, t.paid into matched, paid
      from match_take(found_rows.lines, found_rows.lines, found_rows.orders, found_rows.fens, found_rows.fens,
                      found_rows.rules, found_rows.reasons) as t;
end
$$;
