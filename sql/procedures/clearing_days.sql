-- SPDX-License-Identifier: Apache-2.0
-- Why a rail's clearing account holds what it holds, by clearing day; days that came to nothing are left out. booked is what
-- the ledger has of the day but payouts; of it statement is what the gateway owes by its bill, differences what is raised as
-- such, arrived what was paid out. remaining is the day's part of the account's balance; it is explained by why: awaiting_bill,
-- awaiting_payout, differences, or else unexplained says how much of it is not. Internal.
create or replace function xuqi.clearing_days(in_rail text)
returns table (day date, booked_fen bigint, statement_fen bigint, differences_fen bigint, arrived_fen bigint,
               remaining_fen bigint, why text, unexplained_fen bigint)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    clearing bigint := (select a.id from account as a where a.kind = 'gateway_clearing' and a.owner_key = in_rail);
begin
    return query
    with moved as (
        select bill_day_of(in_rail, coalesce(p.occurred_at, p.event_at)) as day,
               sum(case when t.debit_id = clearing then t.amount else -t.amount end)::bigint as fen
          from transfer as t join posting as p on p.id = t.posting_id
         where (t.debit_id = clearing or t.credit_id = clearing) and p.event_type <> 'settlement'
         group by 1),
    raised as (
        select side.day, sum(side.fen)::bigint as fen
          from match_difference as x,
               lateral (values (x.our_day, case x.kind when 'payment' then x.ours_fen when 'refund' then -x.ours_fen else 0 end),
                               (x.their_day, case x.kind when 'payment' then -x.theirs_fen when 'refund' then x.theirs_fen else 0 end),
                               (coalesce(x.their_day, x.our_day), x.booked_fen)) as side (day, fen)
         where x.rail = in_rail and side.day is not null
         group by side.day),
    paid as (select s.day, sum(s.amount_fen)::bigint as fen from settlement as s where s.rail = in_rail group by s.day),
    days as (
        select coalesce(m.day, d.day, r.day, p.day) as day, coalesce(m.fen, 0) as booked, coalesce(r.fen, 0) as raised,
               coalesce(p.fen, 0) as paid, coalesce(d.state in ('loaded', 'empty'), false) as billed,
               coalesce(d.payments_fen - d.refunds_fen - d.fee_booked_fen, 0) as billed_fen
          from moved as m
          full join (select b.* from bill_day as b where b.rail = in_rail) as d on d.day = m.day
          full join raised as r on r.day = coalesce(m.day, d.day)
          full join paid as p on p.day = coalesce(m.day, d.day, r.day))
    select y.day, y.booked, y.billed_fen, y.raised, y.paid, y.booked - y.paid,
           case when not y.billed then 'awaiting_bill'
                when y.booked <> y.billed_fen + y.raised then 'unexplained'
                when y.paid = 0 and y.billed_fen <> 0 then 'awaiting_payout'
                when y.paid <> y.billed_fen then 'unexplained'
                else 'differences' end,
           case when not y.billed then -y.paid
                else y.booked - y.billed_fen - y.raised
                     + case when y.paid = 0 then 0 else y.billed_fen - y.paid end end
      from days as y
     where y.booked <> 0 or y.billed_fen <> 0 or y.raised <> 0 or y.paid <> 0;
end
$$;
