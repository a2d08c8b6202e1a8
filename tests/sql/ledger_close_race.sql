-- SPDX-License-Identifier: Apache-2.0
-- Closing and posting at once: each posting of the month is in its closing balances or dated after it.
set search_path = story;

select to_char(date_trunc('month', xuqi.beijing(now())) - interval '1 month', 'YYYY-MM-') as last \gset
select xuqi.account_open('gateway_fee', 'alipay') as fee, xuqi.account_open('bank', 'icbc') as bank \gset
create function story.post(key text, event_at timestamptz) returns text language sql security definer as $$
    select 'posted' from xuqi.ledger_post('fee', key, story.digest(key), event_at, 'story',
        array[xuqi.account_open('gateway_fee', 'alipay')], array[xuqi.account_open('bank', 'icbc')], array[1::bigint])
$$;
create function story.race(n int, day timestamptz, month date) returns text language plpgsql as $$
begin
    return case when n = 10 then (select outcome from xuqi.ledger_close(month, 'story')) else story.post('race ' || n, day) end;
end
$$;
select post('first', (:'last' || '02')::date) \gset ignored_
\set answers `race 30 "select story.race(%i, '":last"15 12:00+08', '":last"01')"`
select same('the month is closed while thirty others post into it', :'answers', 'closed=1 posted=29');
select same('every posting is there', (select count(*)::text from xuqi.posting), '30');
select same('what is dated in the month was counted when it was closed', (select count(*)::text from xuqi.posting where event_at < xuqi.period_end((:'last' || '01')::date)),
            (select postings::text from xuqi.period));
select same('the others came late', (select count(*)::text from xuqi.posting where occurred_at is not null), (select (30 - postings)::text from xuqi.period));
select books_right();
\set answers `race 10 "select outcome from xuqi.ledger_close('":last"01', 'story')"`
select same('closing it ten times more changes nothing', :'answers', 'known=10');

