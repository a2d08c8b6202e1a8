-- SPDX-License-Identifier: Apache-2.0
-- The statement lines that may pay an order, the likeliest first, each with what speaks for it. Internal.
create or replace function xuqi.order_candidates(in_order_no text, in_limit bigint)
returns table (line_id bigint, booked_on date, payer_account text, payer_name text, remark text, amount_fen bigint,
               free_fen bigint, score bigint, reasons text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    due   "order";
    owed  bigint;
    alike constant bigint := 20;
begin
    select * into due from "order" as o where o.order_no = in_order_no;
    owed := due.amount_fen - due.funded_fen;
    return query
    with near as (
        select l.id from statement_line as l
         where l.payer_name_normal = due.payer_name_normal and l.payer_name_normal <> ''
        union
        select l.id
          from transfer_match as m join statement_line as before on before.id = m.line_id
          join statement_line as l on l.payer_account_digits = before.payer_account_digits
         where m.payer_credit_id = due.payer_credit_id and m.undone_at is null
           and l.payer_account_digits <> '' and before.payer_account_digits <> ''
        union
        select l.id
          from declared_transfer as d
          join statement_line as l on l.amount_fen = d.amount_fen
                                  and l.booked_on between d.transferred_on - 3 and d.transferred_on + 3
                                  and l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null
                                  and l.taken_fen < l.amount_fen
         where d.renewal_no = due.renewal_no and d.order_no = due.order_no and d.removed_at is null and d.state <> 'matched'
        union -- of the amount alone the next few; as a range, so that no plan reads all lines of those days for them
        (select l.id from statement_line as l
          where l.amount_fen between owed and owed and l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null
            and l.taken_fen < l.amount_fen
            and l.booked_on between beijing(due.created_at)::date and beijing(due.created_at)::date + 30
          order by l.amount_fen, l.booked_on limit alike)),
    weighed as (
        select l.id, l.booked_on, l.payer_account, l.payer_name, l.remark, l.amount_fen,
               l.amount_fen - l.taken_fen as free_fen,
               due.order_no in (select n from remark_orders(l.remark) as n) as numbered,
               l.payer_name_normal <> '' and l.payer_name_normal = due.payer_name_normal as named,
               account_known(l.payer_account_digits, due.payer_credit_id) as known,
               l.amount_fen - l.taken_fen = owed as priced
          from statement_line as l
         where l.id = any (array(select id from near)) and l.direction = 'credit' and l.kind = 'ordinary'
           and l.reversed_by is null and l.taken_fen < l.amount_fen)
    select w.id, w.booked_on, w.payer_account, w.payer_name, w.remark, w.amount_fen, w.free_fen,
           (case when numbered then 100 else 0 end + case when named then 50 else 0 end
            + case when known then 40 else 0 end + case when priced then 30 else 0 end)::bigint,
           concat_ws(' ', case when numbered then 'number_in_remark' end, case when named then 'name_agrees' end,
                     case when known then 'account_known' end, case when priced then 'amount_agrees' end)
      from weighed as w
     order by 8 desc, w.booked_on, w.id limit in_limit;
end
$$;
