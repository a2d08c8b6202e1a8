-- SPDX-License-Identifier: Apache-2.0
-- Prices: loaded by version, history kept, no two tables at once; a renewal has the lines of one version and no others.
set search_path = story;

create function story.today(days integer default 0) returns text language sql stable as $$
    select (xuqi.beijing(clock_timestamp())::date + days)::text
$$;
-- A load of one year's price by days from today: {"-400": 10000, "1": 12000}.
create function story.load_years(platform text, years jsonb, version bigint default 0, file text default null)
returns text language sql as $$
    select outcome || coalesce(' ' || loaded, '') || coalesce(' ' || detail, '')
      from load(platform, (select jsonb_object_agg(today(day::integer), jsonb_build_object(
                               '12', jsonb_build_array(jsonb_build_array('fee', fen, 1))))
                             from jsonb_each(years) as y (day, fen)), version, file)
$$;
-- As if that day had come: what no procedure can do.
create function story.begin_today(in_platform text, day text) returns bigint language plpgsql as $$
declare
    id bigint;
begin
    alter table xuqi.fee_table disable trigger user;
    update xuqi.fee_table as t set effective_on = today()::date
     where t.platform = in_platform and effective_on = day::date and withdrawn_in is null returning t.id into id;
    alter table xuqi.fee_table enable trigger user;
    return id;
end
$$;
create function story.sold(platform text) returns text language sql as $$
    select string_agg(distinct months || '=' || amount_fen, ' ') from xuqi.quote_get(platform)
$$;

-- Loading.
select same('a first load may begin in the past', load_years('one', '{"-800": 9000, "-400": 10000, "1": 12000}'), 'loaded 1');
select same('the table in force is the last one begun', sold('one'), '12=10000');
select same('the same file again does nothing', load_years('one', '{"-800": 9000, "-400": 10000, "1": 12000}'), 'unchanged 1');
select same('nor when the caller has seen an older version', load_years('one', '{"-800": 9000, "-400": 10000, "1": 12000}', 7), 'unchanged 1');
select same('it is a version with its file and who', (select number || loaded_by || (loaded_at <= now() + interval '1 s') || length(file_sha256)
    from xuqi.fee_version where platform = 'one'), '1operatortrue64');
select same('one event is on the audit trail', (select string_agg(actor || ' ' || object, ',') from xuqi.audit_event
    where action = 'platform.load' and object = 'platform:one'), 'admin:operator platform:one');
select same('another file with the same prices is recorded', load_years('one', '{"-800": 9000, "-400": 10000, "1": 12000}', 1, 'other'), 'recorded 2');
select same('a load that has not seen the last version is refused', load_years('one', '{"-800": 9000, "-400": 10000, "1": 13000}', 1), 'version_conflict 2');
select same('what is to come may change', load_years('one', '{"-800": 9000, "-400": 10000, "1": 13000}', 2), 'loaded 3');
select same('may be taken back', load_years('one', '{"-800": 9000, "-400": 10000}', 3), 'loaded 4');
select same('and more may come', load_years('one', '{"-800": 9000, "-400": 10000, "30": 14000, "90": 15000}', 4), 'loaded 5');
select same('the table in force is still that one', sold('one'), '12=10000');
select same('a price in force may not change', load_years('one', '{"-800": 9000, "-400": 10001, "30": 14000, "90": 15000}', 5), 'fees_begun 5 ' || today(-400));
select same('nor vanish', load_years('one', '{"-800": 9000, "30": 14000, "90": 15000}', 5), 'fees_begun 5 ' || today(-400));
select same('nor one that was in force', load_years('one', '{"-800": 9001, "-400": 10000, "30": 14000, "90": 15000}', 5), 'fees_begun 5 ' || today(-800));
select same('nor may one come afterwards', load_years('one', '{"-800": 9000, "-400": 10000, "-5": 1, "30": 14000, "90": 15000}', 5), 'fees_begun 5 ' || today(-5));
select same('not even today''s', load_years('one', '{"-800": 9000, "-400": 10000, "0": 1, "30": 14000, "90": 15000}', 5), 'fees_begun 5 ' || today());
select same('a term may not join a table in force', (select outcome from load('one', jsonb_build_object(
    today(-800), '{"12": [["fee", 9000, 1]]}'::jsonb, today(-400), '{"12": [["fee", 10000, 1]], "24": [["fee", 10000, 2]]}'::jsonb), 5)), 'fees_begun');
select same('an item''s name is part of the price', (select outcome from load('one', jsonb_build_object(
    today(-800), '{"12": [["fee", 9000, 1]]}'::jsonb, today(-400), '{"12": [["other", 10000, 1]]}'::jsonb), 5)), 'fees_begun');
select same('a refusal writes nothing', (select max(number)::text from xuqi.fee_version where platform = 'one'), '5');
select same('platforms do not touch each other', load_years('two', '{"-5": 700}') || ' ' || sold('one'), 'loaded 1 12=10000');
select same('a platform with prices to come only sells nothing yet', load_years('later', '{"3": 700}') || coalesce(sold('later'), ' nothing'), 'loaded 1 nothing');
select same('and may still be given a past', load_years('later', '{"-3": 600, "3": 700}', 1) || ' ' || sold('later'), 'loaded 2 12=600');
select same('what is loaded is shown with whether it may change', (select string_agg(version || ' ' || begun || ' ' || unit_fen, ',' order by effective_on)
    from xuqi.platform_fees('later')), '2 true 600,2 false 700');
select same('nothing is shown of a platform never loaded', (select count(*) from xuqi.platform_fees('never'))::text, '0');
select same('which platforms have no price', xuqi.quote_missing(array['one', 'never', 'two', 'neither']), 'neither never');
select same('all have', xuqi.quote_missing(array['one', 'two']), '');
select same('midnight is Beijing''s', (select effective_from::text from xuqi.fee_table where platform = 'two'),
            ((today(-5) || ' 00:00:00+08')::timestamptz)::text);
\set answers `race 12 "select outcome from story.load('raced', '{\"2019-01-01\": {\"12\": [[\"fee\", 100, 1]]}}')"`
select same('of twelve equal loads at once one is made', :'answers', 'loaded=1 unchanged=11');
\set answers `race 12 "select outcome from story.load('torn', format('{\"2019-01-01\": {\"12\": [[\"fee\", %s, 1]]}}', 100 + %i)::jsonb)"`
select same('of twelve different ones the others are told', :'answers', 'loaded=1 version_conflict=11');

-- What the tables refuse, whoever writes.
select id as old from xuqi.fee_table where platform = 'one' and effective_on = today(-400)::date \gset
select id as coming from xuqi.fee_table where platform = 'one' and effective_on = today(90)::date and withdrawn_in is null \gset
select id as gone from xuqi.fee_table where platform = 'one' and withdrawn_in = 3 \gset
select refused('a table in force is not withdrawn', format('update xuqi.fee_table set withdrawn_in = 5 where id = %s', :old));
select refused('a table is not moved', format('update xuqi.fee_table set effective_on = effective_on + 1, withdrawn_in = 5 where id = %s', :coming));
select refused('a withdrawn table does not come back', format('update xuqi.fee_table set withdrawn_in = null where id = %s', :gone));
select refused('nor is it withdrawn again', format('update xuqi.fee_table set withdrawn_in = 5 where id = %s', :gone));
select refused('a term does not join later', format('insert into xuqi.fee_term values (%s, 24, 100)', :coming));
-- Whole, and with its item let in: only the rule of the term itself is against it.
select refused('nor does a whole one', format('alter table xuqi.fee_item disable trigger belongs; insert into xuqi.fee_term values (%1$s, 24, 100); insert into xuqi.fee_item values (%1$s, 24, 1, ''more'', 100, 1)', :coming));
select refused('an item does not join later', format('insert into xuqi.fee_item values (%s, 12, 2, ''more'', 1, 1)', :coming));
select refused('a table without a term', $$ insert into xuqi.fee_table (platform, effective_on, added_in) values ('one', '2099-01-01', 5) $$);
select refused('a past is not written afterwards', $$ insert into xuqi.fee_table (platform, effective_on, added_in) values ('one', '2020-01-01', 5) $$);
create function story.whole_past() returns void language plpgsql as $$
declare
    new_id bigint;
begin
    insert into xuqi.fee_table (platform, effective_on, added_in) values ('one', '2020-01-01', 5) returning id into new_id;
    insert into xuqi.fee_term values (new_id, 12, 100);
    insert into xuqi.fee_item values (new_id, 12, 1, 'fee', 100, 1);
end
$$;
select refused('nor is a whole one', 'select story.whole_past()');
create function story.wrong_sum() returns void language plpgsql as $$
declare
    new_id bigint;
begin
    insert into xuqi.fee_table (platform, effective_on, added_in) values ('one', '2099-01-01', 5) returning id into new_id;
    insert into xuqi.fee_term values (new_id, 12, 101);
    insert into xuqi.fee_item values (new_id, 12, 1, 'fee', 100, 1);
end
$$;
select refused('a sum that is not its items''', 'select story.wrong_sum()');
select refused('two tables of one day', format('insert into xuqi.fee_table (platform, effective_on, added_in) values (''one'', %L, 5)', today(30)), '23505');
select refused('a price of nothing', $$ select xuqi.platform_load('free', repeat('0', 64), 'op', 0, array['2019-01-01'], array[12]::bigint[], array['fee'], array[0]::bigint[], array[1]::bigint[]) $$);
select refused('a price below nothing', $$ select xuqi.platform_load('free', repeat('0', 64), 'op', 0, array['2019-01-01'], array[12]::bigint[], array['fee'], array[-5]::bigint[], array[1]::bigint[]) $$);
select refused(format('%s is append-only (%s)', place, verb), case verb when 'update' then format('update xuqi.%I set %I = %2$I', place, changed)
    when 'delete' then format('delete from xuqi.%I', place) else format('truncate xuqi.%I cascade', place) end)
  from (values ('fee_version', 'loaded_by'), ('fee_term', 'amount_fen'), ('fee_item', 'unit_fen')) as t (place, changed), unnest(array['update', 'delete', 'truncate']) as verb;
select refused('fee_table is never removed (' || verb || ')', verb || ' xuqi.fee_table' || case when verb like 'trun%' then ' cascade' else '' end)
  from unnest(array['delete from', 'truncate']) as verb;

-- Pricing a submission.
select distinct quote_version as shown from xuqi.quote_get('sz-consumables') \gset
select same('without a quote today''s price holds', (select outcome || total_fen from submit('plain', 'plain')), 'created20000');
select same('with the quote that was shown', (select outcome || total_fen from submit('quoted', 'quoted', quote_version => :shown)), 'created20000');
select same('with the amount that was shown', (select outcome || total_fen from submit('summed', 'summed', amount_shown => 20000)), 'created20000');
select same('its lines are the table''s', (select string_agg(name || ' ' || unit_fen || 'x' || quantity, ', ' order by line) from xuqi.order_line
    where order_no = (select order_no from xuqi.renewal where certificate_fingerprint = digest('certificate plain'))), 'certificate fee 15000x1, service fee 5000x1');
select same('the version is frozen in it', (select quote_version::text from xuqi.renewal where certificate_fingerprint = digest('certificate plain')), :'shown');
select same('another amount is told', (select concat_ws(' ', outcome, total_fen, shown_fen, renewal_no) from submit('cheap', 'cheap', amount_shown => 1)), 'quote_changed 20000 1');
select same('also beside the right quote', (select concat_ws(' ', outcome, total_fen, shown_fen) from submit('cheap', 'cheap', quote_version => :shown, amount_shown => 1)), 'quote_changed 20000 1');
select same('a quote of another platform is none', (select outcome from submit('foreign', 'foreign', quote_version => :old)), 'quote_unknown');
select same('nor is a number that nobody gave', (select outcome from submit('foreign', 'foreign', quote_version => 999999)), 'quote_unknown');
select same('a term that is not sold', (select concat_ws(' ', outcome, quote::json -> 'offered_months') from submit('long', 'long', months => 48, quote_version => :shown)), 'term_not_offered [12, 24, 36]');
select same('a refusal leaves the nonce as it was', (select used_at::text from xuqi.challenge where nonce_digest = digest('cheap')), null);
select same('and no renewal', (select count(*)::text from xuqi.renewal where certificate_fingerprint in (digest('certificate cheap'), digest('certificate long'))), '0');

select same('a new price is loaded', (select outcome from load('sz-consumables', '{"2019-01-01": {
    "12": [["certificate fee", 15000, 1], ["service fee", 5000, 1]], "24": [["certificate fee", 10000, 2]], "36": [["certificate fee", 1, 1], ["service fee", 1, 1], ["third fee", 1, 1]]},
    "2098-01-01": {"12": [["certificate fee", 18000, 1], ["service fee", 6000, 1]], "24": [["certificate fee", 10000, 2]]}}', 1)), 'loaded');
select same('before its day nothing changes', (select outcome || total_fen from submit('early', 'early', quote_version => :shown)), 'created20000');
select begin_today('sz-consumables', '2098-01-01') as newer \gset
select outcome as outcome, quote as quote, total_fen as now_fen, shown_fen as shown_fen from submit('late', 'late', quote_version => :shown) \gset
select same('from its day the change is told', :'outcome', 'quote_changed');
select same('with the old and the new amount', :'shown_fen' || ' ' || :'now_fen', '20000 24000');
select same('and both with their lines', :'quote'::jsonb::text, jsonb_build_object('term_months', 12, 'offered_months', '[12, 24]'::jsonb,
    'shown', '{"items": [{"name": "certificate fee", "quantity": 1, "subtotal_fen": 15000, "unit_price_fen": 15000}, {"name": "service fee", "quantity": 1, "subtotal_fen": 5000, "unit_price_fen": 5000}], "amount_fen": 20000}'::jsonb || jsonb_build_object('quote_version', :shown),
    'current', '{"items": [{"name": "certificate fee", "quantity": 1, "subtotal_fen": 18000, "unit_price_fen": 18000}, {"name": "service fee", "quantity": 1, "subtotal_fen": 6000, "unit_price_fen": 6000}], "amount_fen": 24000}'::jsonb || jsonb_build_object('quote_version', :newer))::text);
select same('confirmed it is taken', (select outcome || total_fen from submit('late', 'late', quote_version => :newer)), 'created24000');
select same('a term whose lines stayed needs no confirmation', (select outcome || total_fen from submit('same', 'same', months => 24, quote_version => :shown)), 'created20000');
select same('it is priced by the version in force', (select quote_version::text from xuqi.renewal where certificate_fingerprint = digest('certificate same')), :'newer');
select same('a term that left says so', (select concat_ws(' ', outcome, shown_fen, quote::json ->> 'current', quote::json -> 'offered_months') from submit('left', 'left', months => 36, quote_version => :shown)), 'term_not_offered 3 [12, 24]');
select same('an open renewal keeps its price', (select outcome || total_fen from submit('plain', 'plain again', quote_version => :newer)), 'open20000');
select same('so does the very same request', (select outcome || total_fen from submit('plain', 'plain')), 'open20000');
select same('each renewal has the lines of its version', (select string_agg(r.renewal_no, ' ') from xuqi.renewal as r
    where (select array_agg((name, unit_fen, quantity) order by line) from xuqi.order_line as l where l.order_no = r.order_no)
          is distinct from (select array_agg((name, unit_fen, quantity) order by line) from xuqi.fee_item as i where i.fee_table_id = r.quote_version and i.months = r.term_months)), null);

-- Eligibility.
select same('it may be asked with the prices', (select string_agg(distinct concat_ws(' ', refusal, open, quote_version, months, amount_fen), ', ')
    from xuqi.renewal_eligibility(digest('certificate fresh'), '', 'sz-consumables', 0)), format('f %s 12 24000, f %1$s 24 20000', :newer));
select same('where nothing is sold it is refused', (select concat_ws(' ', refusal, open, months) from xuqi.renewal_eligibility(digest('certificate fresh'), '', 'never', 0)), 'price_absent f');
select same('but not who has a renewal open', (select concat_ws(' ', refusal, open) from xuqi.renewal_eligibility(digest('certificate plain'), '', 'never', 0)), 't');

-- What a renewal refuses, whoever writes.
select renewal_no as no, order_no as order_no from xuqi.renewal where certificate_fingerprint = digest('certificate plain') \gset
select xuqi.renewal_content_hash(:'no') as hash \gset
create function story.copy_of(no text, change jsonb) returns void language plpgsql as $$
begin
    insert into xuqi.renewal select (jsonb_populate_record(r, jsonb_build_object('renewal_no', '01209901010000001',
        'certificate_fingerprint', digest('certificate copy')) || change)).* from xuqi.renewal as r where r.renewal_no = no;
end
$$;
select refused('no renewal without a quote', format('select story.copy_of(%L, %L)', :'no', '{"quote_version": null}'));
select refused('none by another platform''s', format('select story.copy_of(%L, %L)', :'no', jsonb_build_object('quote_version', :old)));
select refused('none at another amount', format('select story.copy_of(%L, %L)', :'no', '{"amount_fen": 19999}'));
select refused('none by a table that was taken back', format('select story.copy_of(%L, %L)', :'no', jsonb_build_object('platform', 'one', 'quote_version', :gone, 'amount_fen', 12000)));
select refused('none by a table to come', format('select story.copy_of(%L, %L)', :'no', jsonb_build_object('platform', 'one', 'quote_version', :coming, 'amount_fen', 15000)));
select refused('none with other lines', format('select story.copy_of(%L, %L)', :'no', jsonb_build_object('term_months', 24)));
select refused('its quote version is frozen', format('update xuqi.renewal set quote_version = %s where renewal_no = %L', :newer, :'no'));
alter table xuqi.renewal disable trigger user;
update xuqi.renewal set quote_version = :newer where renewal_no = :'no';
select yes('it is part of what is approved', xuqi.renewal_content_hash(:'no') <> :'hash');
update xuqi.renewal set quote_version = :shown where renewal_no = :'no';
alter table xuqi.renewal enable trigger user;

-- Loads and submissions at once: odd ones load, even ones apply.
select outcome as outcome from load('busy', '{"2019-01-01": {"12": [["fee", 100, 1], ["tax", 10, 1]]}}') \gset
create function story.load_or_apply(n integer) returns text language plpgsql as $$
begin
    if n % 2 = 1 then
        return (select l.outcome from load('sz-consumables', jsonb_build_object('2019-01-01', '{"12": [["certificate fee", 15000, 1], ["service fee", 5000, 1]],
            "24": [["certificate fee", 10000, 2]], "36": [["certificate fee", 1, 1], ["service fee", 1, 1], ["third fee", 1, 1]]}'::jsonb,
            today(), '{"12": [["certificate fee", 18000, 1], ["service fee", 6000, 1]], "24": [["certificate fee", 10000, 2]]}'::jsonb,
            today(1), jsonb_build_object('12', jsonb_build_array(jsonb_build_array('fee', n, 1)))), (select max(number) from xuqi.fee_version where platform = 'sz-consumables')) as l);
    end if;
    return (select s.outcome || s.total_fen from submit('busy ' || n, 'busy ' || n) as s);
end
$$;
\set answers `race 30 "select case when answer = 'version_conflict' then 'loaded' else answer end from story.load_or_apply(%i) as answer"`
select same('loads and submissions at once', :'answers', 'created24000=15 loaded=15');
select same('each renewal has exactly the lines of one version', (select string_agg(r.renewal_no, ' ') from xuqi.renewal as r
    where (select array_agg((name, unit_fen, quantity) order by line) from xuqi.order_line as l where l.order_no = r.order_no)
          is distinct from (select array_agg((name, unit_fen, quantity) order by line) from xuqi.fee_item as i where i.fee_table_id = r.quote_version and i.months = r.term_months)), null);
select books_right();
