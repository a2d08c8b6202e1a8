-- SPDX-License-Identifier: Apache-2.0
-- What match_misspelt finds, as match_named answers it. Reads only. Internal. Everything is looked up by its key.
create or replace function xuqi.match_nearest(in_lines bigint[])
returns table (grp bigint, line_id bigint, order_no text, fen bigint, owed bigint, rule text, reason text)
language plpgsql stable rows 1000 set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
    return query
    with written as materialized (
        select l.id as line_id, l.amount_fen as fen, l.payer_name_normal, l.payer_account_digits, l.booked_on,
               translate(run[1], 'OIL', '011') as number
          from free_line as l
         cross join lateral regexp_matches(remark_normal(l.remark), '[0-9OIL]{16,27}', 'g') as run
         where l.id = any (in_lines) and remark_digits(l.remark) >= 16),
    payer as materialized (
        select w.line_id, o.order_no
          from written as w join "order" as o on o.payer_name_normal = w.payer_name_normal and o.state = 'unpaid'
         where w.payer_name_normal <> ''
        union
        select w.line_id, o.order_no
          from written as w
         -- From the account on, by its own index ("is true" keeps other partial ones out), however few matches are believed to
         -- be there while thousands are written.
         cross join lateral (select m.payer_credit_id from transfer_match as m
                              where m.payer_account_digits = w.payer_account_digits and m.payer_account_digits <> ''
                                and (m.undone_at is null) is true offset 0) as m
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
    first as (select *, min(line_id) over (partition by order_no) as first_line from nearest)
    select f.line_id, f.line_id, f.order_no, f.fen, f.fen, 'order_number_misspelt'::text,
           format('附言单号有%s处笔误，付款人和金额相符', f.apart)
      from first as f join "order" as o on o.order_no = f.order_no
     where f.alike = 1 and o.amount_fen - o.funded_fen = f.fen and f.line_id = f.first_line;
end
$$;
