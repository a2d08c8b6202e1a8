-- SPDX-License-Identifier: Apache-2.0
-- Every account against its transfers and the chart. Internal, for ledger_check.
create or replace function xuqi.ledger_check_accounts() returns table (invariant text, detail text)
language plpgsql stable set search_path = xuqi, pg_temp set work_mem = '64MB' as $$
#variable_conflict use_column
begin
    return query
    with pairs as materialized (
        select debit_id, credit_id, sum(amount)::bigint as amount from transfer group by debit_id, credit_id),
    moved as materialized (
        select account_id, sum(debit)::bigint as debits, sum(credit)::bigint as credits
          from (select debit_id as account_id, amount as debit, 0::bigint as credit from pairs
                union all
                select credit_id, 0, amount from pairs) as side
         group by account_id)
    select 'balance is the sum of its transfers',
           format('account %s: balance %s/%s, transfers %s/%s', coalesce(b.account_id, m.account_id),
                  b.debits, b.credits, coalesce(m.debits, 0), coalesce(m.credits, 0))
      from (select balance.* from balance) as b
      full join (select moved.* from moved join account as a on a.id = moved.account_id and a.guarded) as m
        on m.account_id = b.account_id
     where (coalesce(b.debits, 0), coalesce(b.credits, 0)) <> (coalesce(m.debits, 0), coalesce(m.credits, 0))
    union all
    select 'a transfer is between accounts that exist', format('account %s', m.account_id)
      from moved as m where not exists (select from account as a where a.id = m.account_id);

    return query
    select 'a guarded account has a balance', format('account %s', coalesce(a.id, b.account_id))
      from (select account.* from account where guarded) as a full join balance as b on b.account_id = a.id
     where a.id is null or b.account_id is null
    union all
    select 'a guarded account is not overdrawn', format('account %s: %s/%s', b.account_id, b.debits, b.credits)
      from balance as b
     where case b.normal_side when 'debit' then b.debits < b.credits else b.credits < b.debits end
    union all
    select 'a balance is on the side of its account', format('account %s', a.id)
      from account as a join balance as b on b.account_id = a.id where b.normal_side <> a.normal_side
    union all
    select 'an account is as the chart says', format('account %s: %s %s', a.id, a.kind, a.owner_key)
      from account as a left join account_chart as c on c.kind = a.kind
     where (c.normal_side, c.guarded, c.owner = 'none') is distinct from (a.normal_side, a.guarded, a.owner_key = '');
end
$$;
