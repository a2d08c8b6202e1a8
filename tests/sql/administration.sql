-- SPDX-License-Identifier: Apache-2.0
-- What the administration's pages and the page of operations read.
set search_path = story;

select hire(n, '{administrator}') from unnest(array['ada', 'bea']) as n \g /dev/null
select hire('rev'), hire('sen', '{senior_reviewer}'), hire('fin', '{finance}'), hire('aud', '{auditor}') \g /dev/null
create function newest() returns bigint language sql as $$ select max(id) from xuqi.admin_request $$;
create function decide(who text, id bigint) returns text
language sql as $$ select outcome from xuqi.admin_decide(token(who), id, true, digest('enrol'), 3600) $$;
-- Who may call a read: "unauthenticated rev:… sen:… fin:… aud:… ada:…".
create function who_may(statement text) returns text language plpgsql as $$
declare said text; who text; answer text;
begin
    foreach who in array array['rev', 'sen', 'fin', 'aud', 'ada'] loop
        execute 'select min(outcome) from (' || replace(statement, '$who', quote_literal(token(who)::text) || '::bytea') || ') as read' into answer;
        said := concat_ws(' ', said, who || ':' || answer);
    end loop;
    execute 'select min(outcome) from (' || replace(statement, '$who', quote_literal(digest('guess')::text) || '::bytea') || ') as read' into answer;
    return answer || ' ' || said;
end
$$;
create function none_ok(allowed text) returns text language sql as $$
    select 'unauthenticated ' || string_agg(who || ':' || case when who = any (string_to_array(allowed, ' ')) then 'ok' else 'forbidden' end, ' ' order by place)
      from unnest(array['rev', 'sen', 'fin', 'aud', 'ada']) with ordinality as w (who, place)
$$;

-- who reads what
select same('platforms', who_may('select outcome from xuqi.admin_platforms($who, ''{sz-consumables}'', ''{x}'')'), none_ok('fin aud ada'));
select same('versions of prices', who_may('select outcome from xuqi.price_versions($who, ''sz-consumables'', 0, 10)'), none_ok('fin aud ada'));
select same('agreements', who_may('select outcome from xuqi.agreement_list($who)'), replace(none_ok('aud ada'), 'ok', 'empty'));
select same('the calendar', who_may('select outcome from xuqi.calendar_list($who, 0)'), replace(none_ok('aud ada'), 'ok', 'empty'));
select same('halts', who_may('select outcome from xuqi.issuance_halts($who)'), replace(none_ok('aud ada'), 'ok', 'empty'));
select same('events', who_may('select outcome from xuqi.audit_list($who, '''', '''', '''', '''', '''', 0, 10)'), none_ok('aud ada'));
select same('operations', who_may('select outcome from xuqi.operations_get($who)'), none_ok('sen fin aud ada'));
select same('no platform at all', (select outcome from xuqi.admin_platforms(token('ada'), '{}', '{}')), 'empty');

-- accounts that are locked
select login('rev', 1, false, address => '10.0.0.' || n) from generate_series(1, 5) as n \g /dev/null
select same('an account is locked after its failures', (select string_agg(name, ' ') from xuqi.staff_list(token('ada'), 90, 5, 900) where locked), 'rev');
select same('and not one that failed less', (select count(*) from xuqi.staff_list(token('ada'), 90, 6, 900) where locked)::text, '0');
select same('lists of accounts', who_may('select outcome from xuqi.staff_list($who, 90, 5, 900)'), none_ok('aud ada'));

-- versions of prices
select max(v.number) as version from xuqi.fee_version as v where platform = 'sz-consumables' \gset
select (now() + interval '60 days')::date as soon \gset
create function propose(day text, fen bigint, key text) returns text language sql as $$
    select outcome from xuqi.price_ask(token('fin'), key, 'sz-consumables', (select max(number) from xuqi.fee_version where platform = 'sz-consumables'),
                                       day, '{12,12}', '{a,b}', array[fen, 100], '{1,2}', 'because', 3600)
$$;
select same('a price is asked for and approved', propose(:'soon', 5000, 'price-key-1') || ' ' || decide('ada', newest()), 'asked done');
select same('its version says who and from when', (select distinct format('%s %s %s %s %s', version - :version, asked_by, decided_by, reason, effective_on)
    from xuqi.price_versions(token('fin'), 'sz-consumables', 0, 1)), '1 FIN ADA because ' || :'soon');
select yes('it is compared with what was in force until then', (select bool_and(change in ('changed', 'added', 'removed')) and bool_or(unit_was > 0)
    from xuqi.price_versions(token('fin'), 'sz-consumables', 0, 1)));
select same('it is replaced', propose(:'soon', 6000, 'price-key-2') || ' ' || decide('ada', newest()), 'asked done');
select same('what replaces it is compared with it', (select string_agg(format('%s %s: %s -> %s', change, name, unit_was, unit_fen), ', ' order by name) from xuqi.price_versions(token('aud'), 'sz-consumables', 0, 1)),
    'changed a: 5000 -> 6000, same b: 100 -> 100');
select same('pages go back', (select min(version) - :version || ' ' || max(version) - :version from xuqi.price_versions(token('fin'), 'sz-consumables', :version + 2, 1)), '1 1');
select same('and end', (select outcome from xuqi.price_versions(token('fin'), 'sz-consumables', 1, 10)), 'empty');
update xuqi.staff set platforms = '{gpo}' where name = 'fin';
select same('another platform''s', (select outcome from xuqi.price_versions(token('fin'), 'sz-consumables', 0, 10)), 'platform_forbidden');
select same('platforms are those of one''s rights', (select string_agg(platform, ' ') from xuqi.admin_platforms(token('fin'), '{gpo,sz-consumables}', '{x,y}')), 'gpo');
update xuqi.staff set platforms = '{*}' where name = 'fin';
select same('each with its last version of prices', (select format('%s %s', fee_version - :version, loaded_by like 'request %')
    from xuqi.admin_platforms(token('aud'), '{sz-consumables}', '{x}')), '2 t');

-- halts
create function ask(who text, kind text) returns text language sql as $$
    select outcome from xuqi.admin_ask(token(who), 'key-' || kind || '-' || who, kind, 'issuer', 0, '', '{}', '{}', kind || ' because', 3600)
$$;
select same('two people halt', ask('ada', 'halt') || ' ' || decide('bea', newest()), 'asked done');
select same('the halt says who, why, and that it lasts', (select format('%s %s %s %s', halted_by, halt_agreed_by, reason, released_at is null) from xuqi.issuance_halts(token('aud'))),
    'ADA BEA halt because t');
select same('operations say so', (select level || ' ' || value || ' ' || detail from xuqi.operations_get(token('sen')) where area = 'issuer' and figure = 'halted'), 'bad 1 halt because');
select same('two people release', ask('bea', 'release') || ' ' || decide('ada', newest()), 'asked done');
select same('and that is said as well', (select format('%s %s %s', released_by, release_agreed_by, release_reason) from xuqi.issuance_halts(token('aud'))), 'BEA ADA release because');
select xuqi.issuance_halt('console') \g /dev/null
select xuqi.issuance_release() \g /dev/null
select same('the console acts alone', (select format('%s|%s|%s', halted_by, halt_agreed_by, released_by) from xuqi.issuance_halts(token('ada')) limit 1), 'admin||admin');

-- calendar and agreements
select xuqi.calendar_import(y, 'notice', repeat('a', 64), array[y || '-01-01', y || '-01-04'], array[0, 1]::bigint[], array['元旦', '元旦调休'])
  from unnest(array[2026, 2027]) as y \g /dev/null
select same('the newest year with its days, the others without', (select string_agg(concat_ws(' ', year, nullif(day, ''), case when day <> '' then working end), ', ')
    from xuqi.calendar_list(token('ada'), 0)), '2027 2027-01-01 f, 2027 2027-01-04 t, 2026');
select same('a year that is asked for', (select count(*) from xuqi.calendar_list(token('ada'), 2026) where day <> '')::text, '2');
select xuqi.agreement_publish('agreement', 'a', '1', 'Title', encode(sha256('text'), 'hex'), 'text') \g /dev/null
select same('agreements with their hash', (select id || ' ' || version || ' ' || (sha256 = encode(sha256('text'), 'hex')) from xuqi.agreement_list(token('aud'))), 'a 1 true');

-- events
create function actions(who text, actor text default '', action text default '', object text default '', since text default '', until text default '')
returns text language sql as $$
    select string_agg(distinct e.action, ' ' order by e.action) from xuqi.audit_list(token(who), actor, action, object, since, until, 0, 1000) as e
$$;
select renewal_in('awaiting_install', 'seen') as no \gset
select same('an auditor sees what happened to a case', (select count(*) > 2 from xuqi.audit_list(token('aud'), '', '', :'no', '', '', 0, 100))::text, 'true');
select same('who administers sees none of it', (select outcome from xuqi.audit_list(token('ada'), '', '', :'no', '', '', 0, 100)), 'empty');
select yes('but the administration', actions('ada') like '%admin.halt.asked%' and actions('ada') not like '%renewal%' and actions('ada') not like '%review.approve%');
select same('by who', actions('aud', 'ada', 'admin.'), 'admin.halt.asked admin.price.done admin.release.done');
select same('also as it is written', actions('aud', 'staff:ada', 'admin.halt.a'), 'admin.halt.asked');
select same('of nobody', (select outcome from xuqi.audit_list(token('aud'), 'staff:nobody', '', '', '', '', 0, 10)), 'empty');
select (xuqi.beijing(now()))::date as today, (xuqi.beijing(now()))::date - 1 as yesterday \gset
select yes('of a day', actions('aud', since => :'today', until => :'today') like '%admin.halt.asked%');
select same('none of the day before', (select outcome from xuqi.audit_list(token('aud'), '', '', '', '', :'yesterday', 0, 10)), 'empty');
select same('pages lead on without a gap', (with recursive page as (
        select array_agg(id order by id desc) as ids, min(next_before) as next from xuqi.audit_list(token('aud'), '', '', '', '', '', 0, 7)
        union all
        select p.ids || l.ids, l.next from page as p, lateral (select array_agg(id order by id desc) as ids, min(next_before) as next
            from xuqi.audit_list(token('aud'), '', '', '', '', '', p.next, 7)) as l where p.next > 0 and l.ids is not null)
    select bool_or(ids = (select array_agg(id order by id desc) from xuqi.audit_event)) from page)::text, 'true');
insert into xuqi.audit_event (actor, action, object) select 'story', 'story.tell', 'x' from generate_series(1, 60000);
select same('a call looks so far and says where to go on', (select outcome || ' ' || (next_before > 1) from xuqi.audit_list(token('aud'), '', 'calendar.', '', '', '', 0, 10)), 'empty true');
select same('and the next finds it', (select count(*) from (select max(next_before) as at from xuqi.audit_list(token('aud'), '', 'calendar.', '', '', '', 0, 10)) as first,
    lateral xuqi.audit_list(token('aud'), '', 'calendar.', '', '', '', first.at, 10) as found where found.action = 'calendar.import')::text, '2');

-- proofs
select max(id) as last from xuqi.audit_event where action = 'calendar.import' \gset
create function state_of(event bigint) returns text language sql as $$
    select format('%s %s %s', outcome, case when leaf_index < 0 then 'waits' else 'sealed' end, case when size = 0 then 'unsigned' else 'signed' end)
      from xuqi.audit_event_get(token('aud'), event)
$$;
select same('an event that waits', state_of(:last), 'ok waits unsigned');
do $$ begin for i in 1 .. 100 loop exit when (select sealed from xuqi.audit_seal(2000)) = 0; end loop; end $$;
select same('that is sealed', state_of(:last), 'ok sealed unsigned');
select same('the list says the same', (select (leaf_index >= 0) || ' ' || checkpoint_size from xuqi.audit_list(token('aud'), '', '', 'calendar:2027', '', '', 0, 1)), 'true 0');
select size as leaves from xuqi.audit_tree \gset
select same('a checkpoint', (select outcome from xuqi.audit_checkpoint_record(fence(), :leaves, sha256('root'), 'note')), 'recorded');
select same('that is signed', state_of(:last), 'ok sealed signed');
select same('by the first checkpoint that has it', (select checkpoint_size::text from xuqi.audit_list(token('aud'), '', '', 'calendar:2027', '', '', 0, 1)), :'leaves');
select yes('with its path', (select length(path) > 0 and length(path) % 32 = 0 and note = 'note' from xuqi.audit_event_get(token('ada'), :last)));
select same('what is sealed is as it was', (select bool_or(broken)::text from xuqi.audit_list(token('aud'), '', '', '', '', '', 0, 200)), 'false');
begin;
alter table xuqi.audit_event disable trigger all;
update xuqi.audit_event set detail = detail || ' edited' where id = :last;
select same('an event that was edited is shown as broken, in the list and by itself, and it alone', (select string_agg(id::text, ' ') from xuqi.audit_list(token('aud'), '', 'calendar.', '', '', '', :last + 1, 200) where broken) || ' '
    || (select broken from xuqi.audit_event_get(token('aud'), :last)), :'last' || ' true');
rollback;
select max(id) as of_case from xuqi.audit_event where object = :'no' \gset
select same('an event of a case is not for who administers', (select outcome from xuqi.audit_event_get(token('ada'), :of_case)), 'forbidden');
select same('it is for who audits', (select outcome from xuqi.audit_event_get(token('aud'), :of_case)), 'ok');
select same('not for finance', (select outcome from xuqi.audit_event_get(token('fin'), :last)), 'forbidden');
select same('one that is none', (select outcome from xuqi.audit_event_get(token('aud'), 0)), 'event_unknown');
select same('nobody''s session', (select outcome from xuqi.audit_event_get(digest('guess'), :last)), 'unauthenticated');

-- the funnel
select renewal_in('completed', 'whole'), renewal_in('awaiting_payment', 'begun') \g /dev/null
select same('the funnel is counted', (select outcome from xuqi.funnel_count(300)), 'counted');
select same('not again at once', (select outcome from xuqi.funnel_count(300)), 'fresh');
select same('how far they came', (select string_agg(value::text, ' ' order by value desc) from xuqi.operations_get(token('aud')) where area = 'funnel'),
    (select format('%s %s %s %s %s', count(*), count(paid_at), count(*) filter (where status in ('awaiting_install', 'completed')), count(issued_at), count(completed_at)) from xuqi.renewal));
select same('and when it was counted', (select distinct (at = (select max(counted_at) from xuqi.funnel)) || ' ' || level from xuqi.operations_get(token('aud')) where area = 'funnel'), 'true ');
update xuqi.funnel set counted_at = now() - interval '16 minutes';
select same('an old count says that it is old', (select distinct level from xuqi.operations_get(token('aud')) where area = 'funnel'), 'stale');
update xuqi.staff set platforms = '{gpo}' where name = 'sen';
select same('who may see another platform sees no funnel of this', (select count(*) from xuqi.operations_get(token('sen')) where area = 'funnel')::text, '0');

-- figures and how good they are
create function level_of(area_ text, name_ text, figure_ text) returns text
language sql as $$ select level from xuqi.operations_get(token('aud')) where area = area_ and name = name_ and figure = figure_ $$;
select xuqi.rail_note('alipay', 'open', 'gateway_unavailable') \g /dev/null
select same('a rail that is paused', (select value || ' ' || level || ' ' || detail from xuqi.operations_get(token('fin')) where area = 'rail' and name = 'alipay'), '2 bad gateway_unavailable');
insert into xuqi.outbox (topic, dedup_key, event, renewal_no, run_at) values ('story', '1', 'e', 'r', now() - interval '10 minutes');
insert into xuqi.outbox (topic, dedup_key, event, renewal_no, state) values ('story', '2', 'e', 'r', 'dead');
select same('an outbox that is late', level_of('outbox', 'story', 'oldest_s') || ' ' || level_of('outbox', 'story', 'dead') || ' ' || coalesce(nullif(level_of('outbox', 'story', 'ready'), ''), '-'), 'bad bad -');
select same('no lease', level_of('issuer', '', 'lease'), (select case when until > now() then 'good' else 'bad' end from xuqi.issuer_lease));
select yes('every figure has its words', (select bool_and(area <> '' and figure <> '' and level in ('', 'good', 'watch', 'bad', 'stale')) from xuqi.operations_get(token('aud'))));
