-- SPDX-License-Identifier: Apache-2.0
-- Statements read through a bank's link: page by page, gone on with after a crash, believed when all of it fits together and
-- leads to the balance; the same line by link and by file is one line; limits; what is behind is seen.
set search_path = story;
select same('our account', outcome, 'added') from xuqi.collecting_account_publish('{中信银行}', '{7443900182600096874}', '{某CA}');

-- The bank: its movements in their order, four on a page.
create table story.movement (n bigint generated always as identity, day date, ref text, fen bigint, balance bigint,
                             account text, name text, remark text, kind text);
create function story.today() returns date language sql as $$ select xuqi.beijing(now())::date $$;
create function story.moves(fen bigint, account text default '6222000000000001', remark text default '', days integer default 0, kind text default 'ordinary') returns void
language sql as $$
    insert into story.movement (day, ref, fen, balance, account, name, remark, kind)
    select today() + days, lpad((count(*) + 1)::text, 14, '0'), moves.fen, coalesce((array_agg(balance order by n desc))[1], 100000) + moves.fen, moves.account, '某公司', moves.remark, moves.kind from story.movement
$$;
create function story.balance() returns bigint language sql as $$ select balance from story.movement order by n desc limit 1 $$;
create function story.due(every_s bigint default 600, back bigint default 2) returns text language sql as $$
    select outcome from xuqi.statement_link_due('citic', '7443900182600096874', every_s, back)
$$;
create function story.last_run() returns xuqi.statement_run language sql as $$ select * from xuqi.statement_run order by id desc limit 1 $$;
create function story.lease(out id bigint, out token bigint) language plpgsql as $$
begin
    update xuqi.outbox set run_at = now(), state = 'ready', lease_until = null where topic = 'statement_link';
    select l.id, l.lease_token into id, token from xuqi.outbox_lease('statement_link', 1, 60) as l;
end
$$;
-- What the bank answers to the question for a page; how: '', 'short', 'repeat', 'lacks', 'foreign'.
create function story.page(first bigint, from_day text, to_day text, how text) returns setof story.movement language sql as $$
    select p.* from (select m, row_number() over (order by n) as record from story.movement as m
                      where day between from_day::date and to_day::date) as a, lateral (select (a.m).*) as p
     where case how when 'short' then a.record between first and first + 1
                    when 'repeat' then a.record between greatest(1, first - 4) and greatest(1, first - 4) + 3
                    when 'lacks' then a.record between first and first + 3 and a.record <> first + 1
                    else a.record between first and first + 3 end
     order by a.record
$$;
create function story.send_page(id bigint, token bigint, run bigint, first bigint, from_day text, to_day text, how text, per_hour bigint) returns record language sql as $$
    select p from (select coalesce(array_agg(ref order by n), '{}') as refs, coalesce(array_agg((day - case how when 'foreign' then 900 else 0 end - date '1970-01-01')::bigint order by n), '{}') as days,
                          coalesce(array_agg((day - date '1970-01-01') || ':' || ref order by n), '{}') as keys,
                          coalesce(array_agg(fen order by n), '{}') as fens, coalesce(array_agg(balance order by n), '{}') as balances,
                          coalesce(array_agg(account order by n), '{}') as accounts, coalesce(array_agg(name order by n), '{}') as names,
                          coalesce(array_agg(remark order by n), '{}') as remarks, coalesce(array_agg(kind order by n), '{}') as kinds,
                          count(*) as size
                     from page(first, from_day, to_day, how)) as a,
           lateral xuqi.statement_link_page(send_page.id, send_page.token, run, first, a.size = 4, a.refs, a.keys, a.days,
               array_fill((-9223372036854775808)::bigint, array[a.size::int]), a.fens, a.balances, a.accounts, a.names,
               array_fill(''::text, array[a.size::int]), a.remarks, a.refs, a.kinds, array_fill(''::text, array[a.size::int]),
               per_hour, 60) as p
$$;
-- A worker takes the run and goes on until it is put off or over; hows: how the bank answers, page by page; most: calls before
-- the worker dies.
create function story.work(hows text[] default '{}', most integer default 1000, per_hour bigint default 1000000, balance bigint default null) returns text
language plpgsql as $$
declare
    l     record := lease();
    run   bigint := (last_run()).id;
    step  record;
    calls integer := 0;
begin
    step := xuqi.statement_link_begin(l.id, l.token, run, per_hour, 60);
    while step.outcome in ('page', 'balance') and calls < most loop
        calls := calls + 1;
        step := case step.outcome
                when 'page' then send_page(l.id, l.token, run, step.first_record, step.first_day, step.last_day, coalesce(hows[calls], ''), per_hour)
                else xuqi.statement_link_balance(l.id, l.token, run, coalesce(work.balance, balance())) end;
    end loop;
    return step.outcome;
end
$$;
create function story.stands() returns text language sql as $$
    select concat_ws(' ', state, records, nullif(word, '')) from xuqi.statement_run order by id desc limit 1
$$;
create function story.later() returns void language sql as $$ update xuqi.statement_run set begun_at = begun_at - interval '1 hour' where ended_at is not null $$;
create function story.again() returns text language sql as $$ select later(); select due(600) $$;

select same('of no account of ours', (select outcome from xuqi.statement_link_due('citic', '1234567890', 600, 2)), 'collecting_account_unknown');
select count(moves(1000 + n, '62220000' || n)) from generate_series(1, 10) as n \gset
select same('a run begins', due(), 'begun');
\set answers `race 8 "select story.due()"`
select same('one for the account, whoever asks', :'answers', 'under_way=8');
select same('two days back', (last_run()).first_day || ' ' || (last_run()).last_day, today() - 2 || ' ' || today());
select same('all pages, then the balance', work(), 'done');
select same('all movements', stands(), 'done 10 10 movements, new 10, known 0, raised 0');
select same('are lines', (select count(*) || ' ' || sum(amount_fen) from xuqi.statement_line), '10 10055');
select same('of an import by link', (select concat_ws(' ', source, format, opening_fen, closing_fen, imported_by) from xuqi.statement_import), 'link citic.link 100000 110055 bank:citic');
select same('which is matched as a file''s is', (select count(*)::text from xuqi.outbox where topic = 'statement_imported'), '1');
select same('the effect is done', (select count(*) from xuqi.outbox where topic = 'statement_link') || ' ' || (select count(*) from xuqi.outbox_done where topic = 'statement_link'), '0 1');
select same('nothing stays behind it', (select count(*) from xuqi.statement_upload) || ' ' || (select count(*) from xuqi.statement_run_seen), '0 0');
select same('not again within the interval', due(), 'not_due');
select same('but by the next one', again(), 'begun');
select same('from today on, since the days before are read', (last_run()).first_day::text, today()::text);
select same('where nothing has come', work() || ' ' || stands(), 'done done 10 10 movements, new 0, known 10, raised 0');
select same('there is no import', (select count(*)::text from xuqi.statement_import), '1');
select books_right();

-- A crash, a time-out: it goes on where it was.
select moves(7) \gset
select again() \gset
select same('a worker dies after two pages', work(most => 2) || ' ' || stands(), 'page page 8');
select same('its run is still the account''s', due(), 'under_way');
select same('another goes on with the ninth', work() || ' ' || stands(), 'done done 11 11 movements, new 1, known 10, raised 0');
select again() \gset
select lease() as lease \gset
select same('who does not hold the lease says nothing', (select outcome from xuqi.statement_link_begin((select id from xuqi.outbox where topic = 'statement_link'), 99, (last_run()).id, 1000, 60)) || ' '
    || (select outcome from xuqi.statement_link_balance((select id from xuqi.outbox where topic = 'statement_link'), 99, (last_run()).id, 1)), 'stale stale');
create function story.fault(said text) returns text language sql as $$
    select concat_ws(' ', f.outcome, f.faults) from lease() as l, lateral xuqi.statement_link_fault(l.id, l.token, (last_run()).id, said) as f
$$;
select same('a page is kept', work(most => 1) || ' ' || stands(), 'page page 4');
select same('no answer', fault('REMOTE_UNKNOWN') || ' ' || fault('REMOTE_UNKNOWN') || ' ' || stands(), 'held 1 held 2 page 4 REMOTE_UNKNOWN');
select same('the same question again, some seconds later', (select (run_at - now() between interval '1 s' and interval '5 s')::text from xuqi.outbox where topic = 'statement_link'), 'true');
select same('nothing that was read is lost', work(most => 1) || ' ' || stands(), 'page page 8');
select same('a page that was kept changes nothing', (select left(send_page(l.id, l.token, (last_run()).id, 5, today()::text, today()::text, '', 1000)::text, 7) || ' ' || (last_run()).records from lease() as l), '(page,9 8');
select string_agg(fault('broken'), ',') as faults from generate_series(1, 10) \gset
select same('ten in a row: the pages are read anew', :'faults' || ' ' || (last_run()).records || ' ' || (last_run()).restarts, 'held 1,held 2,held 3,held 4,held 5,held 6,held 7,held 8,held 9,held 10 0 1');
select same('and then', work(), 'done');

-- Pages that do not fit together.
create function story.whole() returns text language sql as $$ select count(*) || ' ' || count(*) filter (where line_key like '%#%') || ' ' || (select count(*) from xuqi.statement_change) from xuqi.statement_line $$;
select again() \gset
select same('a page that comes twice', work('{"",repeat}') || ' ' || stands(), 'held page 0 a movement came twice');
select same('begins anew', work() || ' ' || whole(), 'done 11 0 0');
select again() \gset
select same('a page shorter than it should be', work('{short}') || ' ' || stands(), 'held page 2 movements do not lead to the balance');
select same('is read on', work('{"",""}') || ' ' || whole(), 'done 11 0 0');
select again() \gset
select same('a movement that is missing in the middle', work('{"",lacks}') || ' ' || stands(), 'held page 0 the balances do not lead on');
select same('begins anew as well', work() || ' ' || whole(), 'done 11 0 0');
select again() \gset
select same('movements of another day', work('{foreign}') || ' ' || stands(), 'held page 0 a movement of another day than was asked for');
select work() \gset
select again() \gset
select moves(-55, remark => 'meanwhile') \gset
select same('something moves between the pages and the balance', work(balance => balance() + 9) || ' ' || stands(), 'held page 12 movements do not lead to the balance');
select moves(9, remark => 'there it is') \gset
select same('it is asked for', work() || ' ' || stands(), 'done done 13 13 movements, new 2, known 11, raised 0');
select same('and is there once', whole(), '13 0 0');
select again() \gset
create function story.never() returns text language plpgsql as $$
declare
    said text;
    tries integer := 0;
begin
    loop
        said := work(balance => 1);
        tries := tries + 1;
        exit when said <> 'held' or tries > 100;
    end loop;
    return said;
end
$$;
select same('a balance that never agrees', never() || ' ' || substr(stands(), 8), 'failed 13 movements do not lead to the balance');
select same('is in the audit trail', (select count(*)::text from xuqi.audit_event where action = 'statement.link_failed'), '1');
select same('adds nothing', whole(), '13 0 0');
select same('the next interval tries again', again() || ' ' || work(), 'begun done');

-- The same movement by link and by file.
create function story.file(lines bigint, apply boolean default true, note text default '') returns text language plpgsql as $$
declare
    none   constant bigint := -9223372036854775808;
    id     bigint := (select upload_id from xuqi.statement_begin_admin('ann', '7443900182600096874', 'citic.csv'));
begin
    perform xuqi.statement_append(id, 1, array_agg(n), array_agg((day - date '1970-01-01') || ':' || ref), array_agg((day - date '1970-01-01')::bigint),
        array_agg(none), array_agg(fen), array_agg(balance), array_agg(account), array_agg('某公司 '::text), array_agg('某支行'::text), array_agg(remark || note),
        array_agg(ref), array_agg(kind), array_agg(''::text)) from (select * from story.movement order by n desc limit lines) as m;
    return (select concat_ws(' ', outcome, lines_new, lines_known, lines_changed) from xuqi.statement_finish_admin('ann', id, apply, 'citic', null, null, null, null, false, null));
end
$$;
select same('what was read is known in a file', file(13) || ' ' || whole(), 'known 0 13 0 13 0 0');
select moves(500, remark => 'by file first') \gset
select same('what a file had', file(1), 'imported 1 0 0');
select same('is known by link', again() || ' ' || work() || ' ' || stands() || ' ' || whole(), 'begun done done 14 14 movements, new 0, known 14, raised 0 14 0 0');

-- A line that the bank writes differently.
update story.movement set remark = 'edited' where n = 3;
select same('a changed line', again() || ' ' || work() || ' ' || stands(), 'begun done done 14 14 movements, new 0, known 13, raised 1');
select same('is raised and stays as it was', (select reason || ' ' || (content ->> 'remark') || ' ' || (select remark from xuqi.statement_line where id = line_id) from xuqi.statement_change), 'changed edited ');
select same('once, by one import', again() || ' ' || work() || ' ' || (select count(*) from xuqi.statement_change) || ' ' || (select count(*) from xuqi.statement_import where lines_raised > 0), 'begun done 1 1');
select books_right();

create function story.kept() returns text language sql as $$ select read_to || coalesce(' ' || balance_fen, '') from xuqi.statement_link $$;
create function story.used() returns text language sql as $$ select sum(used)::text from xuqi.bank_quota $$;
create function story.row_state() returns text language sql as $$ select state from xuqi.outbox where topic = 'statement_link' $$;

-- Days that are over are read again with the first run of a day; after a pause day by day.
delete from story.movement where n = 14;
update xuqi.statement_link set read_to = today() - 1;
select same('the first run of a day', again() || ' ' || (last_run()).first_day, 'begun ' || today() - 3);
select same('where a line of today is gone, today goes on', work() || ' ' || (select count(*) from xuqi.statement_change where reason = 'missing'), 'done 0');
update xuqi.statement_link set read_to = today() - 90;
select same('after a long pause a month at a time', again() || ' ' || (last_run()).first_day || ' ' || (last_run()).last_day, 'begun ' || today() - 92 || ' ' || today() - 62);
select same('without a balance, since its days are over', work(balance => 1) || ' ' || stands() || ' ' || kept(), 'done done 0 0 movements, new 0, known 0, raised 0 ' || today() - 62);
select same('the next month at once', due() || ' ' || (last_run()).first_day, 'begun ' || today() - 64);
select work() \gset
select due() \gset
select work() \gset
select same('until today', due() || ' ' || (last_run()).last_day || ' ' || work(), 'begun ' || today() || ' done');

-- Limits.
select again() \gset
delete from xuqi.bank_quota;
select same('a quarter of the hour''s questions stays for payments', work(per_hour => 4) || ' ' || used() || ' ' || stands(), 'held 3 page 12 hour');
select same('in a minute', (select (run_at - now() between interval '50 s' and interval '61 s')::text from xuqi.outbox where topic = 'statement_link'), 'true');
select same('nothing is lost by it', work(per_hour => 1000) || ' ' || used(), 'done 5');
select count(moves(1)) from generate_series(1, 400) \gset
select again() \gset
select same('a long run makes room for others', work() || ' ' || work() || ' ' || work() || ' ' || (last_run()).state, 'held held done done');

-- Who is behind is seen.
create function story.seen(metric text) returns bigint language sql as $$ select value from xuqi.metrics_get() as m where m.metric = seen.metric $$;
select yes('no lag', seen('statement_link_lag_seconds') < 60 and seen('statement_link_behind') = 0 and seen('statement_link_success_time_seconds') > 1700000000);
update xuqi.statement_link set success_at = success_at - interval '31 minutes';
select yes('three intervals later it is behind', seen('statement_link_lag_seconds') > 1800 and seen('statement_link_behind') = 1);
select same('which whoever begins a run is told', (select behind::text from xuqi.statement_link_due('citic', '7443900182600096874', 600, 2)), 'true');
select same('and the operator', (select concat_ws(' ', account_no, bank, behind, run_state) from xuqi.statement_links()), '7443900182600096874 citic t done');
select yes('what was raised waits for finance', (select value from xuqi.metrics_get() where metric = 'statement_changes_open') >= 1);

-- A run whose worker vanished for good is taken up again; one whose pages are forgotten begins anew.
select again() \gset
select work(most => 1) \gset
update xuqi.outbox set state = 'dead', lease_until = null where topic = 'statement_link';
select same('a dead row', due() || ' ' || row_state(), 'under_way ready');
delete from xuqi.statement_upload;
select same('pages that are forgotten', work() || ' ' || stands(), 'held page 0 what was read is forgotten');
select same('are read anew', work() || ' ' || work() || ' ' || work() || ' ' || (last_run()).state, 'held held done done');
select again() \gset
select same('lines that lead back to where they began', (select concat_ws(' ', broken, opening_fen, closing_fen) from xuqi.statement_link_chain(0, null)), 'f');
select books_right();
