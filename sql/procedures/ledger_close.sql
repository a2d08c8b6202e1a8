-- SPDX-License-Identifier: Apache-2.0
-- Closes a month for good: from now on no posting is dated in it, and its closing balances are kept with their hash. Months
-- are closed in turn, the first one that has postings first. Safe to call again. Waits for postings of the month under way
-- and holds up new ones of the month, not of others.
-- Outcomes: closed, known (it was closed before), period_running (the month has not ended in Beijing), period_order
-- (detail: the month to close first), period_empty (there are no postings), ledger_faulty and ledger_unexplained (detail:
-- how many and the first).
create or replace function xuqi.ledger_close(
    in_month date, in_closed_by text, out outcome text, out detail text, out sha256 bytea, out postings bigint,
    out accounts bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    last      period;
    first_day date;
    ids       bigint[];
    debited   bigint[];
    credited  bigint[];
begin
    perform pg_advisory_xact_lock(hashtextextended('ledger close', 0));
    select * into last from period as p order by p.month desc limit 1;
    if in_month <= last.month then
        select 'known', p.sha256, p.postings, p.accounts into outcome, sha256, postings, accounts
          from period as p where p.month = in_month;
        if outcome is not null then
            return;
        end if;
    end if;
    first_day := coalesce((last.month + interval '1 month')::date,
                          (select date_trunc('month', beijing(min(event_at)))::date from posting));
    outcome := case when first_day is null then 'period_empty'
                    when in_month <> first_day then 'period_order'
                    when period_end(in_month) > now() then 'period_running' end;
    detail := case outcome when 'period_order' then to_char(first_day, 'YYYY-MM') else '' end;
    if outcome is not null then
        return;
    end if;
    select 'ledger_faulty', format('%s: %s (%s)', count(*) over (), invariant, detail) into outcome, detail from ledger_check() limit 1;
    if outcome is null then
        select 'ledger_unexplained', format('%s: %s (%s)', count(*) over (), item, detail) into outcome, detail
          from ledger_unexplained(in_month) limit 1;
    end if;
    if outcome is not null then
        return;
    end if;

    if last.month is null then
        perform pg_advisory_xact_lock(period_lock(null), 0);
    end if;
    perform pg_advisory_xact_lock(period_lock(in_month), 0);
    select coalesce(array_agg(t.account_id order by t.account_id), '{}'),
           coalesce(array_agg(t.debits order by t.account_id), '{}'),
           coalesce(array_agg(t.credits order by t.account_id), '{}')
      into ids, debited, credited from period_totals(in_month) as t;
    postings := (select count(*) from posting as p
                  where p.event_at >= period_end((in_month - interval '1 month')::date) and p.event_at < period_end(in_month));
    accounts := cardinality(ids);
    sha256 := period_sha256(in_month, coalesce(last.sha256, ''), ids, debited, credited);
    insert into period (month, closed_by, postings, accounts, previous_sha256, sha256)
    values (in_month, in_closed_by, postings, accounts, coalesce(last.sha256, ''), sha256);
    insert into period_balance (month, account_id, debits, credits)
    select in_month, account_id, debits, credits from unnest(ids, debited, credited) as c (account_id, debits, credits);
    insert into audit_event (actor, action, object, detail)
    values ('admin:' || in_closed_by, 'ledger.close', 'period:' || to_char(in_month, 'YYYY-MM'),
            format('%s postings, %s accounts, sha256 %s', postings, accounts, encode(sha256, 'hex')));
    outcome := 'closed';
    detail := '';
end
$$;
