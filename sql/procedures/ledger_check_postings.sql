-- SPDX-License-Identifier: Apache-2.0
-- Every posting and transfer against the rules they were written under. Internal, for ledger_check.
create or replace function xuqi.ledger_check_postings() returns table (invariant text, detail text)
language plpgsql stable set search_path = xuqi, pg_temp set work_mem = '64MB' as $$
#variable_conflict use_column
begin
    return query
    with legs as materialized (
        select posting_id, count(*) as legs, min(leg) as first, max(leg) as last from transfer group by posting_id)
    select case when l.posting_id is null then 'a posting has legs' else 'a transfer has a posting' end,
           format('posting %s', coalesce(p.id, l.posting_id))
      from posting as p full join legs as l on l.posting_id = p.id
     where p.id is null or l.posting_id is null
    union all
    select 'legs of a posting have different numbers from 1 to 16', format('posting %s', l.posting_id)
      from legs as l where l.first < 1 or l.last > 16 or l.legs > l.last - l.first + 1;

    return query
    select 'a transfer is a positive amount between two accounts', format('transfer %s of posting %s', t.id, t.posting_id)
      from transfer as t where t.amount <= 0 or t.amount > 100000000000 or t.debit_id = t.credit_id
    union all
    select 'an event is posted once', format('%s %s', p.event_type, p.event_key)
      from posting as p group by p.event_type, p.event_key having count(*) > 1
    union all
    select 'a posting has a fingerprint', format('posting %s', p.id)
      from posting as p where length(p.fingerprint) <> 32
    union all
    select 'a posting is reversed once', format('posting %s', p.reverses)
      from posting as p where p.reverses is not null group by p.reverses having count(*) > 1
    union all
    select 'a reversal turns each leg of its posting round', format('posting %s reverses %s', r.id, r.reverses)
      from posting as r
     where r.reverses is not null
       and (select array_agg((t.debit_id, t.credit_id, t.amount) order by t.debit_id, t.credit_id, t.amount)
              from transfer as t where t.posting_id = r.id)
           is distinct from
           (select array_agg((t.credit_id, t.debit_id, t.amount) order by t.credit_id, t.debit_id, t.amount)
              from transfer as t where t.posting_id = r.reverses)
    union all
    select 'what staff reverses two people have decided', format('posting %s reverses %s', p.id, p.reverses)
      from posting as p
     where p.event_type = 'reverse' and p.actor like 'staff:%'
       and not exists (select from reversal as v
                        where v.reversing_id = p.id and v.posting_id = p.reverses and v.state = 'approved'
                          and v.decided_by <> v.asked_by)
    union all
    select 'what staff reverses no record stands on', format('posting %s reverses %s', p.id, p.reverses)
      from posting as p
     where p.event_type = 'reverse' and p.actor like 'staff:%' and posting_held(p.reverses) <> '';
end
$$;
