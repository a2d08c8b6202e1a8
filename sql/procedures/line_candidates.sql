-- SPDX-License-Identifier: Apache-2.0
-- The open orders that a statement line may pay, the likeliest first, each with what speaks for it. Among orders of the
-- same amount alone only a few are named. Internal.
create or replace function xuqi.line_candidates(in_line_id bigint, in_limit bigint)
returns table (order_no text, renewal_no text, platform text, payer text, amount_fen bigint, owed_fen bigint,
               score bigint, reasons text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    with line as (
        select l.*, l.amount_fen - l.taken_fen as free_fen from statement_line as l where l.id = in_line_id),
    near as (
        select o.order_no from line, remark_orders(line.remark) as o (order_no)
        union
        select o.order_no from line join "order" as o on o.payer_name_normal = line.payer_name_normal
         where line.payer_name_normal <> '' and o.state = 'unpaid'
        union
        select o.order_no
          from line join statement_line as before on before.payer_account_digits = line.payer_account_digits
          join transfer_match as m on m.line_id = before.id and m.undone_at is null
          join "order" as o on o.payer_credit_id = m.payer_credit_id and o.state = 'unpaid'
         where line.payer_account_digits <> '' and before.payer_account_digits <> ''
        union
        select d.order_no from line join declared_transfer as d on d.amount_fen = line.amount_fen
         where d.removed_at is null and d.state <> 'matched'
           and line.booked_on between d.transferred_on - 3 and d.transferred_on + 3
        union
        (select o.order_no
           from line join "order" as o on o.state = 'unpaid' and length(line.payer_name_normal) >= 4
                and o.payer_name_normal >= left(line.payer_name_normal, 4)
                and o.payer_name_normal < left(line.payer_name_normal, 4) || '鿿'
          limit 20)),
    weighed as (
        select o.order_no, o.renewal_no, r.platform, coalesce(nullif(r.organisation, ''), r.subject) as payer,
               o.amount_fen, o.amount_fen - o.funded_fen as owed_fen,
               o.order_no in (select n from line, remark_orders(line.remark) as n) as numbered,
               line.payer_name_normal <> '' and line.payer_name_normal = o.payer_name_normal as named,
               account_known(line.payer_account_digits, o.payer_credit_id) as known,
               exists (select from declared_transfer as d
                        where d.order_no = o.order_no and d.removed_at is null and d.state <> 'matched'
                          and d.amount_fen = line.amount_fen
                          and line.booked_on between d.transferred_on - 3 and d.transferred_on + 3) as declared,
               line.free_fen = o.amount_fen - o.funded_fen as priced,
               o.state = 'unpaid' and r.status = 'awaiting_payment' as open
          from near join "order" as o on o.order_no = near.order_no
          join renewal as r on r.renewal_no = o.renewal_no
         cross join line)
    select w.order_no, w.renewal_no, w.platform, w.payer, w.amount_fen, w.owed_fen,
           (case when numbered then 100 else 0 end + case when named then 50 else 0 end
            + case when known then 40 else 0 end + case when declared then 40 else 0 end
            + case when priced then 30 else 0 end + case when open then 5 else 0 end)::bigint,
           concat_ws(' ', case when numbered then 'number_in_remark' end, case when named then 'name_agrees' end,
                     case when known then 'account_known' end, case when declared then 'declared' end,
                     case when priced then 'amount_agrees' end,
                     case when not (numbered or named or known or declared) then 'name_similar' end,
                     case when not open then 'not_payable' end)
      from weighed as w
     order by 7 desc, w.order_no limit in_limit;
end
$$;
