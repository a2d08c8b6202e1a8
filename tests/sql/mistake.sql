-- SPDX-License-Identifier: Apache-2.0
-- What passed without a person and was judged wrong: it is somebody's until a senior reviewer closes it, its certificate's
-- revocation is asked for, and too many of them stop what passes.
set search_path = story;
create function story.rules(version text, last bigint, wrong bigint) returns text language sql as $$
    select outcome from xuqi.review_rules_publish(array['sz-consumables'], array[version], array[3::bigint], array[0::bigint], array[1::bigint],
                                                  array[0::bigint], array[0::bigint], array[10000::bigint], array[last], array[wrong])
$$;
create function story.judge(no text, verdict text) returns text language sql as $$
    select outcome from xuqi.review_sample_look(token('ann'), no, verdict, case verdict when 'wrong' then '照片不符' else '' end)
$$;
create function story.mistakes(name text, state text default 'open') returns text language sql as $$
    select string_agg(coalesce((select subject from xuqi.renewal as r where r.renewal_no = m.renewal_no) || coalesce(':' || m.owner, '') || ' ' || m.revocation
                               || case when m.stopped then ' stopped' else '' end, m.outcome), ', ')
      from xuqi.mistake_list(token(name), state, 50) as m
$$;
create function story.closes(name text, no text, why text) returns text language sql as $$ select outcome from xuqi.mistake_close(token(name), no, why) $$;
create function story.seen(name text, no text) returns bigint language sql as $$
    select (select version from xuqi.mistake_list(token(name), 'open', 50) where renewal_no = no)
$$;
create function story.resumes(name text, why text, which bigint default null) returns text language sql as $$
    select outcome from xuqi.pass_resume(token(name), 'sz-consumables',
                                         coalesce(which, (select id from xuqi.review_pass_stop where ended_at is null), 1), why)
$$;
create function story.passing(name text) returns text language sql as $$
    select string_agg(case outcome when 'ok' then format('%s of %s, %s to look at, %s open%s%s%s', wrong, looked, samples_open, mistakes_open,
                                                         case when stop > 0 then format(', stopped at %s of %s', stop_wrong, stop_looked) else '' end,
                                                         coalesce(', resumed by ' || resumed_by || ': ' || resumed_why, ''),
                                                         case resume when '' then ', may resume' else ', ' || resume end)
                                   else outcome end, '; ')
      from xuqi.pass_list(token(name))
$$;
-- What a late write of somebody is told (staff_refuse): code, who and what.
create function story.told(name text, code text, route text, object text) returns text language sql as $$
    select outcome || ': ' || coalesce(changed_by, 'nobody') || coalesce(' ' || changed, '') || case when changed_at > now() - interval '1 hour' then '' else ' ?' end
      from xuqi.staff_refuse(token(name), code, route, 'request', object)
$$;
create function story.gives(name text, no text, owner text) returns text language sql as $$ select outcome from xuqi.mistake_assign(token(name), no, owner) $$;

select hire('ann'), hire('bob'), hire('sam', array['senior_reviewer']), hire('sue', array['senior_reviewer']), hire('cleo', array['finance']), hire('aud', array['auditor']) \g /dev/null

-- Of the last four samples more than one wrong.
select rules('r', 4, 2500) as published, submit_as('a', 'r', 0) as a \gset
select submit_as('b', 'r', 0) as b, submit_as('c', 'r', 0) as c, submit_as('d', 'r', 0) as d \gset
select same('clean cases pass', status(:'a') || ' ' || status(:'d'), 'awaiting_install awaiting_install');
select same('what was right is nobody''s', judge(:'a', 'right') || ' ' || mistakes('sam'), 'looked empty');
select same('what was wrong is open', judge(:'b', 'wrong') || ' ' || mistakes('sam'), 'looked CN=b none');
select same('found by its number', (select outcome || ' ' || (renewal_no = :'b') from xuqi.mistake_list(token('sam'), 'open', 9)), 'ok true');
select same('again', judge(:'b', 'wrong') || ' ' || mistakes('ann'), 'looked CN=b none');
select same('it is on the audit trail', (select string_agg(actor || ' ' || object, ' ') from xuqi.audit_event where action = 'review.mistake'), 'staff:ann ' || :'b');
select same('others do not see it', mistakes('cleo') || ' ' || closes('cleo', :'b', 'x') || ' ' || gives('cleo', :'b', 'ann'), 'forbidden forbidden forbidden');
select same('nor does nobody', (select outcome from xuqi.mistake_list(sha256('x'), 'open', 9)), 'unauthenticated');
select submit_as('e', 'r', 0) as e \gset
select same('one in four is not too many', status(:'e'), 'awaiting_install');

-- An owner.
select same('a reviewer does not give it away', gives('ann', :'b', 'bob'), 'forbidden');
select same('a senior one does', gives('sam', :'b', 'bob') || ' ' || gives('sam', :'b', 'bob') || ' ' || mistakes('ann'), 'assigned assigned CN=b:bob none');
select same('to a reviewer', gives('sam', :'b', 'cleo') || ' ' || gives('sam', :'b', 'nobody'), 'staff_unknown staff_unknown');
select same('of what was not wrong there is none', gives('sam', :'a', 'bob') || ' ' || closes('sam', :'a', 'x') || ' ' || closes('sam', '01000000000000000', 'x'),
            'mistake_unknown mistake_unknown mistake_unknown');
select same('given once', (select count(*)::text from xuqi.audit_event where action = 'review.mistake_assign'), '1');

select same('without a session nobody does', (select outcome from xuqi.mistake_assign(sha256('x'), :'b', 'bob')) || ' ' || (select outcome from xuqi.mistake_close(sha256('x'), :'b', 'x')),
            'unauthenticated unauthenticated');
update xuqi.staff set platforms = array['gpo'] where name = 'sam';
select same('of another platform one sees and does nothing', mistakes('sam') || ' ' || gives('sam', :'b', 'bob') || ' ' || closes('sam', :'b', 'x'), 'empty platform_forbidden platform_forbidden');
update xuqi.staff set platforms = array['*'] where name = 'sam';

-- Two at once.
select seen('sam', :'b') as seen \gset
select same('who comes late is told so', (select outcome from xuqi.mistake_assign(token('sue'), :'b', 'ann', :seen)) || ' '
            || (select outcome from xuqi.mistake_assign(token('sam'), :'b', 'bob', :seen)) || ' ' || (select outcome from xuqi.mistake_close(token('sam'), :'b', 'x', :seen)),
            'assigned mistake_changed mistake_changed');
select same('by whom and what', told('sam', 'mistake_changed', 'POST /api/v1/review/mistakes/{no}/assignment', :'b'), 'mistake_changed: SUE assignment');
select same('who asks for what is there already does not', (select outcome from xuqi.mistake_assign(token('sam'), :'b', 'ann', :seen)), 'assigned');
select same('having looked again he does', (select outcome from xuqi.mistake_assign(token('sam'), :'b', 'bob', seen('sam', :'b'))) || ' ' || mistakes('ann'), 'assigned CN=b:bob none');

-- Too many.
select same('how it passes is told to reviewers and auditors', passing('ann') || ' | ' || passing('aud') || ' | ' || passing('cleo'),
            '1 of 2, 3 to look at, 1 open, pass_running | 1 of 2, 3 to look at, 1 open, pass_running | forbidden');
select same('nothing is stopped yet', resumes('sam', 'x'), 'pass_running');
select outcome as imported from xuqi.certificate_import('abc', digest('der'), 'der', 'CN=c', now() - interval '1 day', now() + interval '1 year', 'sz-consumables') \gset
update xuqi.certificate set renewal_no = :'c' where serial = 'abc';
select 'abc' as serial \gset
select same('two in four are', judge(:'c', 'wrong') || ' ' || mistakes('sam'), 'looked CN=b:bob none stopped, CN=c asked stopped');
select same('the revocation of its certificate is asked for', (select object || ' ' || detail from xuqi.audit_event where action = 'certificate.revocation_asked'), :'serial' || ' ' || :'c');
select same('with how many', (select object || ' ' || detail from xuqi.audit_event where action = 'review.pass_stopped'), 'platform:sz-consumables 2 of 3 samples were wrong');
select submit_as('f', 'r', 0) as f \gset
select same('nothing passes any more', status || ' ' || reviews_required || ' ' || risk, 'awaiting_review 1 ordinary') from xuqi.renewal where renewal_no = :'f';
select same('who may resume it is told', passing('ann') || ' | ' || passing('sam'),
            '2 of 3, 2 to look at, 2 open, stopped at 2 of 3, senior_only | 2 of 3, 2 to look at, 2 open, stopped at 2 of 3, mistakes_open');
select same('not while something is open', resumes('sam', '已核对'), 'mistakes_open');
select same('a third one stops nothing twice', judge(:'d', 'wrong') || (select count(*) from xuqi.review_pass_stop), 'looked1');
select same('Prometheus is told', (select string_agg(metric || ' ' || value, ', ' order by metric) from xuqi.metrics_get()
    where metric in ('review_mistakes_open', 'review_revocations_asked', 'review_passes_stopped')), 'review_mistakes_open 3, review_passes_stopped 1, review_revocations_asked 1');
select outcome as revoked from xuqi.certificate_revoke(:'serial', 'superseded') \gset
select same('revoked it is done', (select revocation from xuqi.mistake_list(token('sam'), 'open', 9) where renewal_no = :'c'), 'done');

-- The end.
select same('who reviews does not close', closes('ann', :'b', '已核对'), 'forbidden');
select refused('without words', format('select xuqi.mistake_close(token(''sam''), %L, '' '')', :'b'));
select same('a senior reviewer does', closes('sam', :'b', '已核对') || closes('sam', :'b', '已核对'), 'closedclosed');
select same('not with other words, and nobody gets it any more', closes('sam', :'b', '别的') || ' ' || gives('sam', :'b', 'ann'), 'mistake_closed mistake_closed');
select same('the words are kept apart from the trail', (select said(detail) from xuqi.audit_event where action = 'review.mistake_close'), '已核对');
select same('others are open', mistakes('sam') || ', ' || mistakes('sam', 'closed'), 'CN=c done stopped, CN=d none stopped, CN=b:bob none stopped');
select submit_as('g', 'r', 0) as g \gset
select same('so nothing passes', status(:'g'), 'awaiting_review');
\set race `race 6 "select outcome from xuqi.mistake_close(story.token('sam'), (select renewal_no from xuqi.renewal where subject = (array['CN=c','CN=d','CN=c','CN=d','CN=c','CN=d'])[%i]), 'six at once')"`
select same('of six at once each is closed once', (select count(*)::text from xuqi.audit_event where action = 'review.mistake_close'), '3');
select same('with the last one nothing passes yet', (select count(*)::text from xuqi.review_pass_stop where ended_at is null) || ' ' || mistakes('sam'), '1 empty');
select submit_as('i', 'r', 0) as i \gset
select same('not before somebody says so', status(:'i'), 'awaiting_review');
select same('which a reviewer does not', resumes('ann', '已核对') || ' ' || resumes('cleo', '已核对') || ' ' || (select outcome from xuqi.pass_resume(sha256('x'), 'sz-consumables', 1, 'x')),
            'forbidden forbidden unauthenticated');
update xuqi.staff set platforms = array['gpo'] where name = 'sam';
select same('nor one of another platform', resumes('sam', '已核对') || ' ' || passing('sam'), 'platform_forbidden empty');
update xuqi.staff set platforms = array['*'] where name = 'sam';
select refused('nor without words', 'select xuqi.pass_resume(token(''sam''), ''sz-consumables'', (select id from xuqi.review_pass_stop), '' '')');
select id as stop from xuqi.review_pass_stop \gset
\set race `race 6 "select outcome from xuqi.pass_resume(story.token((array['sam','sue'])[1 + %i % 2]), 'sz-consumables', (select min(id) from xuqi.review_pass_stop), '整改完成')"`
select same('of six at once it is resumed once', (select count(*) || ' ' || min(object) || ' ' || min(said(detail)) from xuqi.audit_event where action = 'review.pass_resumed'),
            '1 platform:sz-consumables 整改完成');
select s.name as first, case s.name when 'sam' then 'sue' else 'sam' end as late from xuqi.review_pass_stop as p join xuqi.staff as s on s.id = p.ended_by \gset
select same('who did is answered again, who came late is not', resumes(:'first', '整改完成', :stop) || ' ' || resumes(:'late', '整改完成', :stop) || ' ' || resumes(:'first', '别的', :stop),
            'resumed pass_running pass_running');
select same('but told by whom', told(:'late', 'pass_running', 'POST /api/v1/review/passes/{platform}/resumption', 'sz-consumables'), 'pass_running: ' || upper(:'first') || ' resumption');
select same('as everybody is', passing('ann'), format('0 of 0, 1 to look at, 0 open, resumed by %s: 整改完成, pass_running', upper(:'first')));
select submit_as('h', 'r', 0) as h \gset
select same('and cases pass without a person again', status(:'h'), 'awaiting_install');
select same('what was wrong before is not counted again', judge(:'h', 'wrong') || ' ' || (select count(*) from xuqi.review_pass_stop), 'looked 1');
select refused('an end does not change', 'update xuqi.review_mistake set reason = ''other'' where closed_at is not null');
select refused('nor does it go', 'delete from xuqi.review_mistake');
select refused('nor the end of a stop', 'update xuqi.review_pass_stop set reason = ''other''');
select books_right();
