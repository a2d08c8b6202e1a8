-- SPDX-License-Identifier: Apache-2.0
-- The statement lines that a declared transfer may be: the same amount to the fen, three days before to three days after
-- the day that was said (weekends), and the account or the name agrees; never the amount alone. A line that names another
-- order is not among them, nor one that finance took away from this renewal. Internal; reads by account and by name, both
-- with the amount, so that it costs the same however many lines there are.
create or replace function xuqi.transfer_candidates(
    in_renewal_no text, in_amount_fen bigint, in_on date, in_account text, in_name text)
returns table (line_id bigint, booked_on date, account_digits text, name_normal text, taken_fen bigint,
               names_order boolean, agrees text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    wanted_digits text := account_digits(in_account);
    wanted_name   text := party_name_normal(in_name);
    wanted_order  text := (select r.order_no from renewal as r where r.renewal_no = in_renewal_no);
begin
    return query
    -- Found first, then asked what they are: of the index of days, which holds ordinary credits, nothing is known here, and
    -- a kept plan cannot read the lines of a week instead of those of one payer.
    with near as materialized (
        select l.* from statement_line as l
         where wanted_digits <> '' and l.payer_account_digits = wanted_digits and l.amount_fen = in_amount_fen
           and l.payer_account_digits <> '' and l.booked_on between in_on - 3 and in_on + 3
        union all
        select l.* from statement_line as l
         where wanted_name <> '' and l.payer_name_normal = any (name_masks(wanted_name)) and l.amount_fen = in_amount_fen
           and l.payer_name_normal <> '' and l.booked_on between in_on - 3 and in_on + 3
           and (wanted_digits = '' or l.payer_account_digits <> wanted_digits)),
    held as (
        select l.*, (select array_agg(no) from remark_orders(l.remark) as no) as named,
               case when wanted_digits <> '' and l.payer_account_digits = wanted_digits then 'account'
                    when account_mask_agrees(l.payer_account, wanted_digits) then 'masked account and name'
                    when l.payer_name_normal = wanted_name and name_is_company(wanted_name)
                         and (l.payer_account_digits <> '' or l.payer_account = '') then 'name' end as agreeing
          from near as l
         where l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null)
    select h.id, h.booked_on, h.payer_account_digits, h.payer_name_normal, h.taken_fen,
           coalesce(wanted_order = any (h.named), false), h.agreeing
      from held as h
     where h.agreeing is not null and (h.named is null or wanted_order = any (h.named))
       and not exists (select from transfer_match as m where m.line_id = h.id and m.renewal_no = in_renewal_no
                                                         and m.undone_at is not null);
end
$$;
