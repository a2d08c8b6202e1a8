-- SPDX-License-Identifier: Apache-2.0
-- A month is closed once, in turn, when it is over and the books are right; from then on it takes nothing, and what comes
-- late goes to the open month with its own day.
set search_path = story;

create function story.post(event_key text, event_at timestamptz, amount bigint default 100) returns bigint language sql as $$
    select xuqi.ledger_post('fee', event_key, story.digest(event_key), event_at, 'story',
        array[xuqi.account_open('gateway_fee', 'alipay')], array[xuqi.account_open('bank', 'icbc')], array[amount])
$$;
create function story.close(month text) returns text language sql as $$
    select concat_ws(' ', outcome, nullif(detail, ''), 'postings ' || postings, 'accounts ' || accounts)
      from xuqi.ledger_close((month || '-01')::date, 'story')
$$;
create function story.dated(key text) returns text language sql as $$
    select to_char(xuqi.beijing(event_at), 'YYYY-MM') || coalesce(' of ' || to_char(xuqi.beijing(occurred_at), 'YYYY-MM-DD HH24:MI:SS'), '')
      from xuqi.posting where event_key = key
$$;
create function story.month(back int) returns text language sql as $$
    select to_char(date_trunc('month', xuqi.beijing(now())) - make_interval(months => back), 'YYYY-MM')
$$;
select month(0) as now, month(1) as last, month(2) as before, month(3) as first, month(4) as earlier \gset

select same('without postings there is nothing to close', close(:'last'), 'period_empty');
-- Its first and last instants in Beijing, and what is just outside.
select post('first', (:'first' || '-01 00:00:00+08')::timestamptz, 1), post('last', (:'before' || '-01 00:00:00+08')::timestamptz - interval '1 microsecond', 10),
       post('next', (:'before' || '-01 00:00:00+08')::timestamptz, 100) \gset posted_
select same('months are closed in turn', close(:'before'), 'period_order ' || :'first');
select same('nor one before there was anything', close(:'earlier'), 'period_order ' || :'first');
select same('a month is closed', close(:'first'), 'closed postings 2 accounts 2');
select same('closing it again says what was', close(:'first'), 'known postings 2 accounts 2');
select same('its balances are kept', (select string_agg(a.kind || ' ' || b.debits || '/' || b.credits, ', ' order by a.kind)
    from xuqi.period_balance b join xuqi.account a on a.id = b.account_id), 'bank 0/11, gateway_fee 11/0');
select same('with who closed it', (select action || ' ' || actor || ' ' || object from xuqi.audit_event where action = 'ledger.close'), 'ledger.close admin:story period:' || :'first');
select same('the hash is over what the papers say', (select encode(sha256, 'hex') from xuqi.period),
            (select encode(sha256(convert_to(format(E'xuqi period\n%s\n\n%s 0 11\n%s 11 0\n', :'first', b.id, f.id), 'UTF8')), 'hex')
               from xuqi.account b, xuqi.account f where b.kind = 'bank' and f.kind = 'gateway_fee' and b.id < f.id
             union all
             select encode(sha256(convert_to(format(E'xuqi period\n%s\n\n%s 11 0\n%s 0 11\n', :'first', f.id, b.id), 'UTF8')), 'hex')
               from xuqi.account b, xuqi.account f where b.kind = 'bank' and f.kind = 'gateway_fee' and f.id < b.id));

select post('late', (:'first' || '-15 12:00:00+08')::timestamptz), post('very late', (:'earlier' || '-15 12:00:00+08')::timestamptz),
       post('in time', (:'before' || '-15 12:00:00+08')::timestamptz) \gset late_
select same('a late event goes to the open month with its own day', dated('late'), :'now' || ' of ' || :'first' || '-15 12:00:00');
select same('so does one of a month before the first that was closed', dated('very late'), :'now' || ' of ' || :'earlier' || '-15 12:00:00');
select same('one of an open month keeps its day', dated('in time'), :'before');
select same('a late event once more is a replay', coalesce(post('late', (:'first' || '-15 12:00:00+08')::timestamptz)::text, 'replay'), 'replay');
select refused('a closed month that is opened', 'delete from xuqi.period');
select refused('a closed month that is emptied', 'truncate xuqi.period cascade');
select refused('a closed month that is changed', 'update xuqi.period set postings = postings');
select refused('a closing balance that is changed', 'update xuqi.period_balance set debits = debits');
select refused('a closing balance that is removed', 'delete from xuqi.period_balance');
select refused('closing balances that are emptied', 'truncate xuqi.period_balance');
select refused('a closing balance that is added', format('insert into xuqi.period_balance values (%L, 999999, 1, 1)', :'first' || '-01'));
select refused('a posting moved back', format('update xuqi.posting set event_at = %L where event_key = ''late''', :'first' || '-15'));
select refused('the chart that is changed', 'update xuqi.account_chart set guarded = true');
select refused('a kind that leaves the chart', 'delete from xuqi.account_chart');
select refused('the chart that is emptied', 'truncate xuqi.account_chart');
select refused('an account that is not as the chart says: ' || what, 'insert into xuqi.account (kind, owner_key, normal_side, guarded) values ' || what)
  from unnest(array['(''bank'', ''x'', ''credit'', false)', '(''bank'', ''x'', ''debit'', true)', '(''bank'', '''', ''debit'', false)', '(''writeoff'', ''x'', ''debit'', false)']) as what;

-- What keeps a month open.
select renewal_in('awaiting_payment', 'doubt') as doubt \gset
select attempt(:'doubt') as attempt \gset
begin;
update xuqi.payment_attempt set state = 'unknown', created_at = (:'before' || '-20')::date where attempt_no = :'attempt';
select same('an attempt whose end is unknown keeps its month open', close(:'before'), format('ledger_unexplained 1: a payment attempt is unknown (attempt %s at alipay)', :'attempt'));
update xuqi.payment_attempt set created_at = (:'last' || '-20')::date where attempt_no = :'attempt';
select same('one of a later month does not', close(:'before'), 'closed postings 2 accounts 2');
rollback;
begin;
set local session_replication_role = replica;
insert into xuqi.statement_import (id, collecting_account_id, source, format, first_on, last_on, lines_new, lines_known, lines_raised, credits_fen, debits_fen, imported_by)
    overriding system value values (901, 901, 'file', 'csv', (:'before' || '-20')::date, (:'before' || '-20')::date, 0, 0, 1, 0, 0, 'story');
insert into xuqi.statement_change (id, collecting_account_id, import_id, reason, content, fingerprint) overriding system value values (901, 901, 901, 'unexpected', '{}', digest('line'));
set local session_replication_role = origin;
select same('what a statement says otherwise keeps its month open', close(:'before'), 'ledger_unexplained 1: a statement says otherwise than before (change 901, unexpected)');
rollback;
begin;
update xuqi.balance set debits = debits + 1 where account_id = (select receivable_id from xuqi."order" limit 1);
select yes('a fault in the books keeps it open', close(:'before') like 'ledger_faulty 2: %');
rollback;
select same('a refused closing closes nothing', (select count(*)::text from xuqi.period), '1');
select close(:'before') as second, close(:'last') as third \gset
select same('an empty month is closed like any other, with the accounts that do not stand at nothing', :'second' || ', ' || :'third', 'closed postings 2 accounts 2, closed postings 0 accounts 2');
select same('each month vouches for the one before', (select string_agg((p.previous_sha256 = b.sha256)::text, ' ') from xuqi.period p join xuqi.period b on b.month = p.month - interval '1 month'), 'true true');
select same('the month that runs stays open', close(:'now'), 'period_running');
select same('the balances run on from month to month', (select string_agg(a.kind || ' ' || b.debits || '/' || b.credits, ', ' order by b.month, a.kind)
    from xuqi.period_balance b join xuqi.account a on a.id = b.account_id where b.month > (:'first' || '-01')::date), 'bank 0/211, gateway_fee 211/0, bank 0/211, gateway_fee 211/0');

-- An account that came to nothing and did not move is left out; one that moved stays in.
select books_right();
select same('the chart lists every kind once', (select string_agg(kind, ' ') from xuqi.ledger_accounts()), array_to_string(enum_range(null::xuqi.account_kind), ' '));
\set documented `sed -nE 's/^\| .([a-z_]+). \| (debit|credit) \| ([a-z_ ]+) \| (yes|no) \|.*/\1 \2 \3 \4/p' "$STORY_ROOT/docs/ledger.md" | paste -sd ,`
select same('docs/ledger.md has the same chart', :'documented', (select string_agg(format('%s %s %s %s', kind, normal_side, replace(owner, '_', ' '), case when guarded then 'yes' else 'no' end), ',') from xuqi.ledger_accounts()));
