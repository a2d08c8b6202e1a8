-- SPDX-License-Identifier: Apache-2.0
-- Duties apart, rights per platform, and what one of the administration asks for and another decides.
set search_path = story;

select count(hire(n, '{administrator}')) as hired from unnest(array['ada', 'bea', 'cas']) as n \gset
select hire('rev'), hire('fin', '{finance}'), hire('aud', '{auditor}') \g /dev/null

-- duties
select same('reviewing and finance', (select outcome from xuqi.staff_add('x', 'X', 'h', '\x00', '{reviewer,finance}')), 'duties_clash');
select same('finance and administration', (select outcome from xuqi.staff_add('x', 'X', 'h', '\x00', '{finance,administrator}')), 'duties_clash');
select same('auditing and anything', (select outcome from xuqi.staff_add('x', 'X', 'h', '\x00', '{auditor,reviewer}')), 'duties_clash');
select same('both kinds of reviewer', (select outcome from xuqi.staff_add('both', 'X', 'h', '\x00', '{reviewer,senior_reviewer}')), 'added');
select refused('the table itself keeps duties apart', $$ update xuqi.staff set roles = '{reviewer,finance}' where name = 'rev' $$);
select refused('all platforms and one of them', $$ update xuqi.staff set platforms = '{*,gpo}' where name = 'rev' $$);
select refused('no platform', $$ update xuqi.staff set platforms = '{}' where name = 'rev' $$);

-- asking
create function ask(who text, kind text, subject text, roles text[] default '{}', platforms text[] default '{}',
                    version bigint default null, key text default null, life bigint default 3600) returns text
language sql as $$
    select outcome from xuqi.admin_ask(token(who), coalesce(key, 'key-' || kind || '-' || subject), kind, subject,
                          coalesce(version, (select s.version from xuqi.staff as s where s.name = subject), 0), 'Name', roles, platforms,
                          'because', life) as a
$$;
create function newest() returns bigint language sql as $$ select max(id) from xuqi.admin_request $$;
create function decide(who text, id bigint, approve boolean default true, enrolment text default 'enrol') returns text
language sql as $$ select outcome from xuqi.admin_decide(token(who), id, approve, digest(enrolment), 3600) $$;

select same('a session nobody opened', (select outcome from xuqi.admin_ask(digest('guess'), 'key-guess', 'halt', 'issuer', 0, '', '{}', '{}', 'x', 60)), 'unauthenticated');
select same('a reviewer asks for nothing', ask('rev', 'halt', 'issuer'), 'forbidden');
select same('finance neither', ask('fin', 'halt', 'issuer'), 'forbidden');
select same('nor an auditor', ask('aud', 'halt', 'issuer'), 'forbidden');
select same('an administrator asks for an account', ask('ada', 'staff_add', 'new', '{reviewer}', '{gpo}'), 'asked');
select same('again it is the same request', ask('ada', 'staff_add', 'new', '{reviewer}', '{gpo}'), 'asked');
select same('and only one', (select count(*) from xuqi.admin_request)::text, '1');
select same('the key for something else', ask('ada', 'staff_add', 'new', '{finance}', '{gpo}'), 'request_conflict');
select same('the key of a colleague', ask('bea', 'staff_add', 'new', '{reviewer}', '{gpo}'), 'request_conflict');
select same('a name that is taken', ask('ada', 'staff_add', 'rev', '{reviewer}', '{*}'), 'staff_known');
select same('somebody unknown', ask('ada', 'staff_change', 'nobody', '{reviewer}', '{*}', 1), 'staff_unknown');
select same('about oneself', ask('ada', 'staff_change', 'ada', '{reviewer}', '{*}'), 'own_account');
select same('duties that clash', ask('ada', 'staff_change', 'rev', '{reviewer,finance}', '{*}'), 'duties_clash');
select same('what is so already', ask('ada', 'staff_change', 'rev', '{reviewer}', '{*}'), 'nothing_changes');
select same('an account as it was', ask('ada', 'staff_change', 'rev', '{finance}', '{*}', 99), 'staff_changed');
select same('a release where nothing is halted', ask('ada', 'release', 'issuer'), 'nothing_changes');
select same('nobody is there yet', (select count(*) from xuqi.staff where name = 'new')::text, '0');
select same('the request names what changes', (select was || '|' || becomes from xuqi.admin_request where id = newest()),
            '|invited; roles reviewer; platforms gpo');

-- deciding
select same('who asked does not decide', decide('ada', newest()), 'decider_same');
select same('a reviewer does not', decide('rev', newest()), 'forbidden');
select same('what nobody asked for', decide('bea', 99), 'request_unknown');
\set answers `race 10 "select story.decide((array['bea','cas'])[1 + %i % 2], story.newest(), true, 'enrol ' || %i)"`
select yes('of two that decide at once one does', :'answers' like '%done=%' and :'answers' like '%request_decided=%');
select same('one account is made', (select status || ' ' || array_to_string(platforms, ',') from xuqi.staff where name = 'new'), 'invited gpo');
select same('a decided request stays', decide('ada', newest(), false), 'request_decided');
select refused('and is never changed', $$ update xuqi.admin_request set reason = 'other' where id = 1 $$);
select refused('nor removed', $$ delete from xuqi.admin_request where id = 1 $$);
select refused('one person does not decide alone, whatever the procedure says',
    $$ insert into xuqi.admin_request (request_key, kind, subject, reason, asked_by, expires_at, state, decided_by, decided_at)
       select 'key-alone', 'halt', 'issuer', 'x', id, now() + interval '1 hour', 'done', id, now() from xuqi.staff where name = 'ada' $$);

-- enrolment
update xuqi.staff set enrolment_digest = digest('enrol') where name = 'new';
select same('an invited account does not log in', login('new', 5), 'login_refused');
select same('a token that is not one', (select count(*) from xuqi.staff_enrolment(digest('guess')))::text, '0');
select same('whose enrolment it is', (select name from xuqi.staff_enrolment(digest('enrol'))), 'new');
\set answers `race 10 "select outcome from xuqi.staff_enrol(story.digest('enrol'), 'hash %i', '\x00')"`
select same('of ten that enrol at once one does', :'answers', 'enrolled=1 enrolment_unknown=9');
select same('then it logs in', login('new', 6), 'opened');
select same('its rights are written down', (select array_to_string(roles, ',') || ' by ' || granted_by from xuqi.staff_grant
    where staff_id = (select id from xuqi.staff where name = 'new') and ended_at is null), 'reviewer by enrolment');

-- changes take the sessions with them
select same('roles change by two people', ask('bea', 'staff_change', 'new', '{senior_reviewer}', '{gpo}') || ' ' || decide('ada', newest()),
            'asked done');
select same('the session has ended', (select outcome from xuqi.staff_session_get(token('new'))), 'unauthenticated');
select same('the reason is told', (select outcome from xuqi.staff_refuse(token('new'), 'unauthenticated', 'GET /x', 'feed')), 'session_ended');
select same('a grant follows the other', (select string_agg(array_to_string(roles, ',') || case when ended_at is null then '' else ' ended' end, '; ' order by id)
    from xuqi.staff_grant where staff_id = (select id from xuqi.staff where name = 'new')), 'reviewer ended; senior_reviewer');
select same('a new enrolment', ask('bea', 'staff_enrol', 'new') || ' ' || decide('ada', newest(), true, 'again'), 'asked done');
select same('leaves nothing to log in with', (select status || password_hash from xuqi.staff where name = 'new'), 'invited');
update xuqi.staff set enrolment_until = now() where name = 'new';
select same('a token that is too old', (select outcome from xuqi.staff_enrol(digest('again'), 'hash', '\x00')), 'enrolment_unknown');

-- what was asked is not possible any more
select same('asked about an account', ask('ada', 'staff_change', 'rev', '{senior_reviewer}', '{*}'), 'asked');
select same('that is disabled meanwhile', (select outcome from xuqi.staff_stop(token('cas'), 'rev')), 'disabled');
select same('is refused when decided', decide('bea', newest()), 'staff_changed');
select same('and may be taken back', decide('ada', newest(), false), 'refused');
select same('again', decide('ada', newest(), false), 'refused');
select same('nobody disables himself', (select outcome from xuqi.staff_stop(token('cas'), 'cas')), 'own_account');
select same('nor somebody unknown', (select outcome from xuqi.staff_stop(token('cas'), 'nobody')), 'staff_unknown');
select same('finance disables nobody', (select outcome from xuqi.staff_stop(token('fin'), 'cas')), 'forbidden');
select same('disabling again', (select outcome from xuqi.staff_stop(token('cas'), 'rev')), 'disabled');
select same('a request that nobody decides in time', ask('ada', 'halt', 'issuer', life => 1), 'asked');
alter table xuqi.admin_request disable trigger frozen;
update xuqi.admin_request set asked_at = asked_at - interval '1 hour', expires_at = expires_at - interval '1 hour' where id = newest();
alter table xuqi.admin_request enable trigger frozen;
select same('is not done', decide('bea', newest()), 'request_expired');
select same('and listed as such', (select string_agg(subject, ' ') from xuqi.admin_requests(token('aud'), 'expired', 0, 10)), 'issuer');
select same('an account back in use takes two as well', ask('ada', 'staff_enrol', 'rev', key => 'key-back') || ' ' || decide('bea', newest(), true, 'back'), 'asked done');

-- halt
select same('two people halt', ask('ada', 'halt', 'issuer', key => 'key-halt-2') || ' ' || decide('bea', newest()), 'asked done');
select yes('issuance', exists (select from xuqi.halt where released_at is null));
select same('and two release', ask('bea', 'release', 'issuer') || ' ' || decide('cas', newest()), 'asked done');
select yes('it', not exists (select from xuqi.halt where released_at is null));

-- who sees what
select same('finance sees requests about prices alone', (select string_agg(outcome, ' ') from xuqi.admin_requests(token('fin'), 'all', 0, 10)), 'empty');
select same('a reviewer none', (select outcome from xuqi.admin_requests(token('both'), 'all', 0, 10)), 'unauthenticated');
select login('both') \g /dev/null
select same('also logged in', (select outcome from xuqi.admin_requests(token('both'), 'all', 0, 10)), 'forbidden');
select same('accounts are for administrators', (select distinct outcome from xuqi.staff_list(token('ada'), 90, 5, 900)), 'ok');
select same('and auditors', (select distinct outcome from xuqi.staff_list(token('aud'), 90, 5, 900)), 'ok');
select same('not for finance', (select outcome from xuqi.staff_list(token('fin'), 90, 5, 900)), 'forbidden');
update xuqi.staff set last_used_at = now() - interval '91 days' where name = 'fin';
update xuqi.staff set last_used_at = null, created_at = now() - interval '91 days' where name = 'aud';
select same('who was not here for 90 days', (select string_agg(name, ' ') from xuqi.staff_review(90) where unused), 'aud fin');
select same('that it was asked is on the audit trail', (select detail from xuqi.audit_event where action = 'staff.review' order by id desc limit 1), 'unused for 90 days');

-- prices
create function propose(who text, day text, fen bigint, key text, version bigint default 1) returns text
language sql as $$
    select outcome || coalesce(': ' || was || ' -> ' || becomes, '')
      from xuqi.price_ask(token(who), key, 'sz-consumables', version, day, '{12,12}', '{a,b}', array[fen, 100], '{1,2}', 'because', 3600)
$$;
select max(v.number) as version from xuqi.fee_version as v where platform = 'sz-consumables' \gset
select (now() + interval '60 days')::date as soon, (now() - interval '1 day')::date as past \gset
select same('a reviewer proposes no price', propose('both', :'soon', 5000, 'price-key-1', :version), 'forbidden');
select yes('finance does, and sees what changes', propose('fin', :'soon', 5000, 'price-key-1', :version) like 'asked: %-> ' || :'soon' || ' 12: 52.00 = a 50.00 x 1 + b 1.00 x 2');
select yes('again', propose('fin', :'soon', 5000, 'price-key-1', :version) like 'asked: %');
select same('the key for another price', split_part(propose('fin', :'soon', 6000, 'price-key-1', :version), ':', 1), 'request_conflict');
select same('prices that somebody changed', split_part(propose('fin', :'soon', 6000, 'price-key-2', 99), ':', 1), 'version_conflict');
select same('a day that is over', split_part(propose('fin', :'past', 6000, 'price-key-3', :version), ':', 1), 'fees_begun');
select same('nothing is in force by that', (select count(*) from xuqi.fee_table where effective_on = :'soon')::text, '0');
select same('who proposed does not decide', decide('fin', newest()), 'decider_same');
select same('an auditor does not', decide('aud', newest()), 'forbidden');
select same('an administrator does', decide('ada', newest()), 'done');
select same('and the table is there from its day', (select amount_fen from xuqi.fee_table as t join xuqi.fee_term as f on f.fee_table_id = t.id
    where t.effective_on = :'soon' and t.withdrawn_in is null)::text, '5200');
select yes('beside those before it', (select count(*) > 1 from xuqi.fee_table where platform = 'sz-consumables' and withdrawn_in is null));
select same('its version says by which request', (select loaded_by from xuqi.fee_version where platform = 'sz-consumables' order by number desc limit 1), 'request ' || newest());
select same('the same price once more', split_part(propose('fin', :'soon', 5000, 'price-key-4', :version + 1), ':', 1), 'nothing_changes');
select yes('two proposals for one platform', propose('fin', :'soon', 7000, 'price-key-5', :version + 1) like 'asked%'
    and propose('ada', :'soon', 8000, 'price-key-6', :version + 1) like 'asked%');
select same('the first is put in force', decide('bea', newest() - 1), 'done');
select same('the other was made about prices that are none any more', decide('bea', newest()), 'version_conflict');
update xuqi.staff set platforms = '{gpo}' where name = 'fin';
select same('another platform''s prices', split_part(propose('fin', :'soon', 9000, 'price-key-7', :version + 2), ':', 1), 'platform_forbidden');
select same('are not shown either', (select outcome from xuqi.price_list(token('fin'), 'sz-consumables')), 'platform_forbidden');
select same('one''s own are', (select distinct outcome from xuqi.price_list(token('fin'), 'gpo')), 'empty');
select same('all are for an auditor', (select distinct outcome from xuqi.price_list(token('aud'), 'sz-consumables')), 'ok');

-- exports
select same('an export is written down', (select outcome from xuqi.staff_export(token('fin'), 'lines', 'state=all')), 'noted');
select same('with who and what', (select actor || ' ' || object || ' ' || detail from xuqi.audit_event where action = 'export'), 'staff:fin list:lines state=all');
select same('a reviewer exports nothing', (select outcome from xuqi.staff_export(token('both'), 'lines', '')), 'forbidden');

-- client certificates
create function certificate_login(print text, verdict text default '', token text default 'by certificate') returns text
language sql as $$ select outcome from xuqi.staff_session_open_certificate(digest(print), verdict, digest(token), 900, 36000) $$;
create function last_refusal() returns text language sql as $$
    select object || ' ' || split_part(detail, ' ', 1) from xuqi.audit_event where action = 'login.refuse' order by id desc limit 1 $$;
select same('a certificate is registered', (select outcome from xuqi.staff_certificate_add('aud', digest('c1'), 'CN=aud', '1', now() + interval '1 year', false)), 'added');
select same('again', (select outcome from xuqi.staff_certificate_add('aud', digest('c1'), 'CN=aud', '1', now() + interval '1 year', false)), 'known');
select same('one that is none is not removed', (select outcome from xuqi.staff_certificate_add('aud', digest('no such'), '', '', now(), true)), 'certificate_unknown');
select same('for somebody else', (select outcome from xuqi.staff_certificate_add('fin', digest('c1'), 'CN=aud', '1', now() + interval '1 year', false)), 'certificate_taken');
select same('for nobody', (select outcome from xuqi.staff_certificate_add('nobody', digest('c2'), 'CN=x', '1', now() + interval '1 year', false)), 'staff_unknown');
select same('it opens a session', certificate_login('c1'), 'opened');
select same('again the same', certificate_login('c1'), 'opened');
select same('of its account', (select name from xuqi.staff_session_get(digest('by certificate'))), 'aud');
select same('a revoked one does not', certificate_login('c1', 'client_certificate_revoked', 'other'), 'client_certificate_revoked');
select same('which is recorded', last_refusal(), 'staff:' || (select id from xuqi.staff where name = 'aud') || ' client_certificate_revoked');
select same('nor one that nobody registered', certificate_login('c9', token => 'other'), 'client_certificate_unknown');
select same('also recorded', last_refusal(), 'unknown client_certificate_unknown');
select same('taken back', (select outcome from xuqi.staff_certificate_add('aud', digest('c1'), '', '', now(), true)), 'removed');
select same('it opens nothing', certificate_login('c1', token => 'other'), 'client_certificate_unknown');
select same('and what it opened has ended', (select outcome from xuqi.staff_session_get(digest('by certificate'))), 'unauthenticated');
select same('registered once more', (select outcome from xuqi.staff_certificate_add('aud', digest('c1'), 'CN=aud', '1', now() + interval '1 year', false)), 'added');
select outcome from xuqi.staff_disable('aud') \g /dev/null
select same('a disabled account has none', certificate_login('c1', token => 'other'), 'client_certificate_unknown');
