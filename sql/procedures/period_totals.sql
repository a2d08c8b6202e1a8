-- SPDX-License-Identifier: Apache-2.0
-- The closing balances of a month, from the transfers alone: what each account was debited and credited with since the
-- beginning, of those that moved in the month or do not stand at nothing. Internal.
create or replace function xuqi.period_totals(in_month date)
returns table (account_id bigint, debits bigint, credits bigint)
language sql stable set search_path = xuqi, pg_temp as $$
    with dated as materialized (
        select id, event_at >= period_end((in_month - interval '1 month')::date) as recent
          from posting where event_at < period_end(in_month)),
    moved as materialized (
        select t.debit_id, t.credit_id, d.recent, sum(t.amount)::bigint as amount
          from transfer as t join dated as d on d.id = t.posting_id
         group by t.debit_id, t.credit_id, d.recent)
    select side.account_id, sum(side.debit)::bigint, sum(side.credit)::bigint
      from (select debit_id as account_id, amount as debit, 0 as credit, recent from moved
            union all
            select credit_id, 0, amount, recent from moved) as side
     group by side.account_id
    having sum(side.debit) <> sum(side.credit) or bool_or(side.recent)
$$;
