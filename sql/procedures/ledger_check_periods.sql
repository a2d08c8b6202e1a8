-- SPDX-License-Identifier: Apache-2.0
-- Every closed month against its closing balances and its hash, and against the transfers dated in it. Internal, for
-- ledger_check.
create or replace function xuqi.ledger_check_periods() returns table (invariant text, detail text)
language plpgsql stable set search_path = xuqi, pg_temp set work_mem = '64MB' as $$
#variable_conflict use_column
begin
    return query
    select 'a closed month has the balances of its transfers',
           format('%s account %s: %s', to_char(p.month, 'YYYY-MM'), differs.account_id, differs.how)
      from period as p,
           lateral (select coalesce(t.account_id, k.account_id) as account_id,
                           format('closed %s/%s, transfers %s/%s', k.debits, k.credits, t.debits, t.credits) as how
                      from period_totals(p.month) as t
                      full join (select b.* from period_balance as b where b.month = p.month) as k
                        on k.account_id = t.account_id
                     where (t.debits, t.credits) is distinct from (k.debits, k.credits)) as differs
    union all
    select 'a closed month has as many postings as were counted', to_char(p.month, 'YYYY-MM')
      from period as p
     where p.postings <> (select count(*) from posting
                           where event_at >= period_end((p.month - interval '1 month')::date) and event_at < period_end(p.month));

    return query
    select 'a closed month has its hash', to_char(p.month, 'YYYY-MM')
      from period as p
     where p.sha256 <> period_sha256(p.month, p.previous_sha256,
               array(select b.account_id from period_balance as b where b.month = p.month order by b.account_id),
               array(select b.debits from period_balance as b where b.month = p.month order by b.account_id),
               array(select b.credits from period_balance as b where b.month = p.month order by b.account_id))
        or p.accounts <> (select count(*) from period_balance as b where b.month = p.month)
    union all
    select 'closed months follow each other', to_char(p.month, 'YYYY-MM')
      from (select period.*, lag(period.month) over (order by period.month) as before_month,
                   lag(period.sha256) over (order by period.month) as before_sha256 from period) as p
     where p.previous_sha256 <> coalesce(p.before_sha256, '')
        or p.before_month is not null and p.month <> (p.before_month + interval '1 month')::date
    union all
    select 'a late event is in a month after its own', format('posting %s', q.id)
      from posting as q
     where q.occurred_at is not null
       and date_trunc('month', beijing(q.occurred_at)) >= date_trunc('month', beijing(q.event_at));
end
$$;
