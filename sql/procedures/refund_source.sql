-- SPDX-License-Identifier: Apache-2.0
-- The statement line whose sender a refund of a bank transfer goes back to: the largest of those that paid its order, or, where
-- the payer's credit paid it, of those that made the credit. Null where a person must see to it: they came from several
-- accounts, the bank did not say the whole number, one was taken back, or all of them are less than goes back. Internal.
create or replace function xuqi.refund_source(in_refund_no text) returns bigint
language sql stable set search_path = xuqi, pg_temp as $$
    with it as (
        select f.order_no, f.amount_fen, o.payer_credit_id
          from refund as f join "order" as o on o.order_no = f.order_no
         where f.refund_no = in_refund_no and f.payment_id is null),
    paid as (
        select m.line_id, m.fen, m.order_no = it.order_no as own, it.amount_fen
          from it join transfer_match as m on m.payer_credit_id = it.payer_credit_id and m.undone_at is null)
    select (array_agg(p.line_id order by p.fen desc, p.line_id))[1]
      from paid as p join statement_line as l on l.id = p.line_id
     where p.own or not exists (select from paid as other where other.own)
    having count(distinct l.payer_account_digits) = 1 and min(l.payer_account_digits) <> ''
       and bool_and(l.reversed_by is null) and sum(p.fen) >= max(p.amount_fen)
$$;
