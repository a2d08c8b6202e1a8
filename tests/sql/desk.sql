-- SPDX-License-Identifier: Apache-2.0
-- The review desk's queue and rules: tabs, filters, places that hold still, claims, holds, two reviewers at once, risk,
-- what passes without a person, late writes, repeated requests, figures.
set search_path = story;

create function story.publish(version text, days bigint default 3, parallel bigint default 0, risk bigint default 0,
                              fen bigint default 0, approval bigint default 0, sample bigint default 0) returns text
language sql as $$
    select outcome from xuqi.review_rules_publish(array['sz-consumables'], array[version], array[days], array[parallel],
                                                  array[risk], array[fen], array[approval], array[sample])
$$;
create function story.listed(name text, tab text, after text default '', size bigint default 50, platform text default '',
                             kind text default '', age text default '', risk text default '', payment text default '',
                             word text default '', mobiles bytea[] default '{}') returns text
language sql as $$
    select string_agg(coalesce((select subject from xuqi.renewal as r where r.renewal_no = l.renewal_no), outcome), ' ')
      from xuqi.review_list(token(name), tab, after, size, platform, kind, age, risk, payment, word, mobiles) as l
$$;
create function story.counted(name text) returns text
language sql as $$ select string_agg(tab || cases, ' ') from xuqi.review_counts(token(name), 1000) $$;
create function story.may(name text, no text, wanted text) returns text
language sql as $$
    select word from xuqi.review_desk(token(wanted), no) where kind = 'action' and review_desk.name = may.name
$$;
create function story.seen(no text) returns bigint language sql as $$ select version from xuqi.renewal where renewal_no = no $$;

-- -- working days ------------------------------------------------------------------------------------------------------
select same('without a calendar Saturday and Sunday are free', xuqi.working_days_after('2026-09-18 10:00+08', 1)::date::text, '2026-09-21');
select same('a year''s calendar', outcome || ' ' || added, 'imported 5')
  from xuqi.calendar_import(2026, 'notice', repeat('0', 64), array['2026-09-20', '2026-10-01', '2026-10-02', '2026-10-05', '2026-10-10'],
                            array[1, 0, 0, 0, 1], array['国庆节', '国庆节', '国庆节', '国庆节', '国庆节']);
select same('again', outcome, 'known')
  from xuqi.calendar_import(2026, 'notice', repeat('0', 64), array['2026-09-20', '2026-10-01', '2026-10-02', '2026-10-05', '2026-10-10'],
                            array[1, 0, 0, 0, 1], array['国庆节', '国庆节', '国庆节', '国庆节', '国庆节']);
select same('a Sunday that is worked counts', xuqi.working_days_after('2026-09-18 10:00+08', 1)::text, '2026-09-20 02:00:00+00');
select same('a holiday does not', xuqi.working_days_after('2026-09-30 10:00+08', 1)::text, '2026-10-06 02:00:00+00');
select same('no days are no days', xuqi.working_days_after('2026-09-30 10:00+08', 0)::text, '2026-09-30 02:00:00+00');
select same('mended: a day less, another name', format('%s %s %s %s', outcome, added, changed, removed), 'imported 0 1 1')
  from xuqi.calendar_import(2026, 'notice', repeat('1', 64), array['2026-09-20', '2026-10-01', '2026-10-02', '2026-10-10'],
                            array[1, 0, 0, 1], array['中秋节', '国庆节', '国庆节', '国庆节']);
select refused('a day of another year', $$select xuqi.calendar_import(2026, 'notice', repeat('1', 64), array['2024-10-01'], array[0], array['x'])$$);
\set race `race 8 "select outcome from xuqi.calendar_import(2027, 'notice', repeat('0', 64), array['2027-10-01'], array[0], array['x'])"`
select same('of imports at once one is first', :'race', 'imported=1 known=7');

-- -- tabs, places, counts ----------------------------------------------------------------------------------------------
select same('a platform''s rules', publish('platform version'), 'published');
select same('again', publish('platform version', 9), 'published');
select same('stay what they were', (select promised_days::text from xuqi.review_rule), '3');
select renewal_in('awaiting_review', 'a') as a \gset
select renewal_in('awaiting_review', 'b') as b \gset
select renewal_in('awaiting_review', 'c') as c \gset
select hire('sam', array['senior_reviewer']), hire('cleo', array['finance']), hire('dan') \gset
select same('the promise is three working days away', (select review_due = xuqi.working_days_after(paid_at, 3) from xuqi.renewal where renewal_no = :'a')::text, 'true');
select same('all wait, oldest first', listed('ann', 'waiting'), 'CN=a CN=b CN=c');
select same('counts of every tab', counted('ann'), 'waiting3 mine0 second0 returned0 held0 done0 sample0');
select same('counted no further than told', (select cases::text from xuqi.review_counts(token('ann'), 2) where tab = 'waiting'), '2');
select same('nobody else counts', (select outcome from xuqi.review_counts(token('cleo'), 9)) || ' ' || (select outcome from xuqi.review_counts(digest('guess'), 9)), 'forbidden unauthenticated');
select place as one from xuqi.review_list(token('ann'), 'waiting', '', 1) \gset
select renewal_in('awaiting_review', 'd') as d \gset
select same('what has come since the first page is on no later one', listed('ann', 'waiting', :'one'), 'CN=b CN=c');
select same('but on a new first page', listed('ann', 'waiting'), 'CN=a CN=b CN=c CN=d');
select claim('bob', :'a') as claimed \gset
select same('a case that went away moves nothing', listed('ann', 'waiting', :'one'), 'CN=b CN=c');
select same('the number of the last one seen will do', listed('ann', 'waiting', :'c'), 'CN=d');
select same('what is no place', string_agg(listed('ann', 'waiting', place), ' '), 'place_unknown place_unknown place_unknown')
  from unnest(array['1.2', ''' or true --', '01000000000000000']) as place;
select same('mine', listed('bob', 'mine') || ' ' || listed('ann', 'mine'), 'CN=a empty');

-- -- filters -----------------------------------------------------------------------------------------------------------
select same('by platform', listed('ann', 'waiting', platform => 'sz-consumables') || ' ' || listed('ann', 'waiting', platform => 'gpo'), 'CN=b CN=c CN=d empty');
select same('by kind', listed('ann', 'waiting', kind => 'expired') || ' ' || listed('ann', 'waiting', kind => 'unexpired'), 'empty CN=b CN=c CN=d');
select same('by payment', listed('ann', 'waiting', payment => 'alipay') || ' ' || listed('ann', 'waiting', payment => 'wechat'), 'CN=b CN=c CN=d empty');
select same('by risk', listed('ann', 'waiting', risk => 'ordinary') || ' ' || listed('ann', 'waiting', risk => 'high'), 'CN=b CN=c CN=d empty');
update xuqi.renewal set review_due = now() - interval '1 hour' where renewal_no = :'b';
update xuqi.renewal set review_due = date_trunc('day', now(), 'Asia/Shanghai') + interval '1 day' - interval '1 microsecond' where renewal_no = :'c';
select same('by age', listed('ann', 'waiting', age => 'overdue') || ' ' || listed('ann', 'waiting', age => 'today') || ' ' || listed('ann', 'waiting', age => 'later')
            || ' ' || listed('ann', 'waiting', age => 'unpromised'), 'CN=b CN=c CN=d empty');
select same('by number', listed('ann', 'waiting', word => :'c'), 'CN=c');
select same('by order', listed('ann', 'waiting', word => (select order_no from xuqi.renewal where renewal_no = :'c')), 'CN=c');
select same('by serial, as people write it', listed('ann', 'waiting', word => '00 ' || upper(certificate_serial)), 'CN=c') from xuqi.renewal where renewal_no = :'c';
select same('by organisation', listed('ann', 'waiting', word => 'tion of c'), 'CN=c');
select same('by the last digits of a mobile', listed('ann', 'waiting', word => '8000') || ' ' || listed('ann', 'waiting', word => '8001'), 'CN=b CN=c CN=d empty');
select same('by a whole mobile', listed('ann', 'waiting', word => '13800138000', mobiles => array[digest('mobile')]) || ' ' ||
            listed('ann', 'waiting', word => '13800138000', mobiles => array[digest('another')]), 'CN=b CN=c CN=d empty');
select same('by the last digits of its number', listed('ann', 'waiting', word => right(:'c', 4)), 'CN=c');
select same('hostile text finds nothing and breaks nothing', string_agg(listed('ann', 'waiting', word => text), ' '), 'empty empty empty empty')
  from unnest(array[''' or 1=1 --', '%', '\', '$1']) as text;

-- -- claim, next, release, reassign -------------------------------------------------------------------------------------
select same('who holds it and until when', claimed_by || ' ' || (claimed_until > now()), 'BOB true')
  from xuqi.review_claim(token('ann'), :'a', 600);
select same('the next one is the oldest by its promise', outcome || ' ' || renewal_no, 'claimed ' || :'b') from xuqi.review_next(token('ann'), '', 600, 'next-key-1');
select same('the same request is the same case', outcome || ' ' || renewal_no, 'claimed ' || :'b') from xuqi.review_next(token('ann'), '', 600, 'next-key-1');
select same('another is another', renewal_no, :'c') from xuqi.review_next(token('ann'), '', 600, 'next-key-2');
select same('of another platform there is none', outcome, 'empty') from xuqi.review_next(token('ann'), 'gpo', 600);
select same('a key stands for one thing', (select outcome from xuqi.review_release(token('ann'), :'c', 'next-key-2')), 'key_reused');
select same('released with a key', (select outcome from xuqi.review_release(token('ann'), :'c', 'release-key')) || ' ' ||
            (select outcome from xuqi.review_release(token('ann'), :'c', 'release-key')), 'released released');
select same('a request of before does not take it again', outcome, 'case_not_claimed') from xuqi.review_next(token('ann'), '', 600, 'next-key-2');
select same('only a senior gives cases away', (select outcome from xuqi.review_reassign(token('ann'), :'b', 'bob', 600)), 'forbidden');
select same('to whom there is', (select outcome from xuqi.review_reassign(token('sam'), :'b', 'nobody', 600)) || ' ' ||
            (select outcome from xuqi.review_reassign(token('sam'), :'b', 'cleo', 600)), 'staff_unknown staff_unknown');
select same('from one to another', outcome || ' ' || claimed_by, 'reassigned DAN') from xuqi.review_reassign(token('sam'), :'b', 'dan', 600, 0, 'reassign-1');
select same('again', outcome, 'reassigned') from xuqi.review_reassign(token('sam'), :'b', 'dan', 600, 0, 'reassign-1');
select same('who had it decides no more', approve('ann', :'b'), 'case_claimed');
select same('back to the queue', (select outcome from xuqi.review_reassign(token('sam'), :'b', '', 600)) || ' ' || claim('ann', :'b'), 'reassigned claimed');
select same('whoever is late is told who did what', outcome || ' ' || changed_by || ' ' || changed, 'case_changed SAM reassign')
  from (select (xuqi.review_reassign(token('sam'), :'d', 'ann', 600)).version) as given,
       xuqi.review_hold(token('ann'), :'d', now() + interval '1 day', 'later', 1);
select (xuqi.review_reassign(token('sam'), :'d', '', 600)).outcome as back \gset

-- -- on hold -----------------------------------------------------------------------------------------------------------
select same('a hold needs a claim', (select outcome from xuqi.review_hold(token('ann'), :'d', now() + interval '1 day', 'calls back')), 'case_not_claimed');
select same('and a time to come', string_agg((select outcome from xuqi.review_hold(token('ann'), :'b', now() + late, 'why')), ' '), 'hold_until hold_until')
  from unnest(array[interval '-1 s', interval '31 days']) as late;
select same('on hold', (select outcome from xuqi.review_hold(token('ann'), :'b', now() + interval '1 day', 'calls back', 0, 'hold-key')), 'held');
select same('again', (select outcome from xuqi.review_hold(token('ann'), :'b', now() + interval '1 day', 'calls back', 0, 'hold-key')), 'held');
select same('it is in its tab and nowhere else', listed('bob', 'held') || ' ' || listed('bob', 'waiting'), 'CN=b CN=c CN=d');
select same('with the reason', held_reason, 'calls back') from xuqi.review_list(token('bob'), 'held', '', 9);
select same('it is nobody''s next', (select renewal_no from xuqi.review_next(token('dan'), '', 600)), :'c');
select (xuqi.review_release(token('dan'), :'c')).outcome as released \gset
select same('claiming ends a hold', claim('dan', :'b') || ' ' || listed('bob', 'held'), 'claimed empty');
select (xuqi.review_hold(token('dan'), :'b', now() + interval '1 day', 'again')).outcome as held \gset
select same('so does resuming', (select outcome from xuqi.review_resume(token('bob'), :'b', 'resume-key')) || ' ' ||
            (select outcome from xuqi.review_resume(token('bob'), :'b', 'resume-key')) || ' ' || listed('bob', 'held'), 'resumed resumed empty');
select claim('dan', :'b') as claimed, (xuqi.review_hold(token('dan'), :'b', now() + interval '1 day', 'again')).outcome as held \gset
update xuqi.renewal set held_until = now() - interval '1 s' where renewal_no = :'b';
select same('and time', listed('bob', 'held') || ' ' || listed('bob', 'waiting'), 'empty CN=b CN=c CN=d');

-- -- decisions ---------------------------------------------------------------------------------------------------------
select claim('ann', :'b') as claimed, seen(:'b') as version \gset
select same('what others did since is not decided over', outcome || ' ' || changed_by || ' ' || changed, 'case_changed SAM reassign')
  from (select (xuqi.review_reassign(token('sam'), :'b', 'ann', 600)).outcome as done) as given,
       xuqi.review_approve(token('ann'), :'b', xuqi.renewal_content_hash(:'b'), :version);
select same('nor rejected over', outcome || ' ' || changed, 'case_changed reassign') from xuqi.review_reject(token('ann'), :'b', 'other', 'x', :version);
select same('what was seen is', outcome, 'approved') from xuqi.review_approve(token('ann'), :'b', xuqi.renewal_content_hash(:'b'), seen(:'b'), 'approve-key');
select same('again', outcome, 'approved') from xuqi.review_approve(token('ann'), :'b', xuqi.renewal_content_hash(:'b'), :version, 'approve-key');
select same('a key stands for one decision', outcome, 'key_reused') from xuqi.review_approve(token('ann'), :'c', xuqi.renewal_content_hash(:'c'), 0, 'approve-key');
select same('done, the last first', (select claim('ann', :'c') is not null and give_back('ann', :'c') is not null)::text || ' ' || listed('ann', 'done'), 'true CN=c CN=b');
select same('done, by a word of the last 500', listed('ann', 'done', word => 'tion of b') || ' ' || listed('ann', 'done', word => 'tion of d'), 'CN=b empty');
select same('by a number', listed('ann', 'done', word => :'b') || ' ' || listed('bob', 'done', word => :'b'), 'CN=b empty');
select same('by four digits', listed('ann', 'done', word => '8000') || ' ' || listed('ann', 'done', word => '0000'), 'CN=c CN=b empty');
select same('a returned case is found by them as well', listed('ann', 'returned', word => '8000'), 'CN=c');
select same('of one that has left the desk no digits are kept', (select count(*) from xuqi.review_tail where renewal_no = :'b')::text || (select count(*) > 0 from xuqi.review_tail where renewal_no = :'c'), '0true');
select same('a page of it', listed('ann', 'done', place), 'CN=b') from xuqi.review_list(token('ann'), 'done', '', 1);
select same('and what it was', string_agg(decision, ' '), 'return approve') from xuqi.review_list(token('ann'), 'done', '', 9);
select same('returned, of the whole desk', listed('bob', 'returned'), 'CN=c');
select same('once more in the queue, behind who waited longer', correct(:'c') || ' ' || listed('ann', 'waiting'), 'corrected awaiting_review CN=d CN=c');
select same('what the applicant did is a change as well', coalesce(changed_by, 'applicant') || ' ' || changed, 'applicant correct')
  from (select claim('ann', :'c')) as held, xuqi.review_reject(token('ann'), :'c', 'other', 'x', 2);

-- -- what may be done, and why not ---------------------------------------------------------------------------------------
select same('the holder', string_agg(a || '=' || may(a, :'c', 'ann'), ' '), 'claim= release= approve= hold= resume=case_not_held reassign=senior_only unmask= sample=sample_unknown')
  from unnest(array['claim', 'release', 'approve', 'hold', 'resume', 'reassign', 'unmask', 'sample']) as a;
select same('another', string_agg(a || '=' || may(a, :'c', 'bob'), ' '), 'claim=case_claimed approve=case_claimed release=case_not_claimed') from unnest(array['claim', 'approve', 'release']) as a;
select same('a senior', may('reassign', :'c', 'sam'), '');
select same('of what is decided', may('approve', :'b', 'ann') || ' ' || may('reassign', :'b', 'sam'), 'renewal_state renewal_state');
select same('steps in order', string_agg(word, ' ') || ', ' || string_agg(distinct outcome, ' '), 'wait claim release claim release claim return correct claim, ok') from xuqi.review_desk(token('ann'), :'c') where kind = 'step';
select same('only for the desk', (select outcome from xuqi.review_desk(token('cleo'), :'c')) || ' ' || (select outcome from xuqi.review_desk(token('ann'), '01000000000000000')), 'forbidden renewal_unknown');

-- -- one's own ----------------------------------------------------------------------------------------------------------
select same('who somebody is', (select outcome from xuqi.staff_person_put('dan', 'sealed', digest('id'), digest('his mobile'))) || ' ' ||
            (select outcome from xuqi.staff_person_put('nobody', 'sealed', digest('id'), digest('mobile'))), 'noted staff_unknown');
select same('nobody takes his own', claim('dan', :'d') || ' ' || (select outcome from xuqi.review_next(token('dan'), '', 600)), 'reviewer_own empty');
select same('nor is given it', (select outcome from xuqi.review_reassign(token('sam'), :'d', 'dan', 600)), 'reviewer_own');
update xuqi.renewal set claimed_by = (select id from xuqi.staff where name = 'dan'), claimed_at = now(), claimed_until = now() + interval '1 h' where renewal_no = :'d';
select same('nor decides it', approve('dan', :'d') || ' ' || may('approve', :'d', 'dan'), 'reviewer_own reviewer_own');
-- Each place of an application in which somebody may stand.
create function story.recognised(no text, person bytea[], place text) returns text language plpgsql as $$
declare
    found text;
begin
    perform xuqi.staff_person_put('dan', 'sealed', person[1], person[2], person[3], person[4], person[5]);
    set local session_replication_role = replica;
    execute format('update xuqi.renewal_content set agent_id_index = digest(''somebody''), agent_mobile_index = digest(''somebody''), agent_email_index = null,
                    recipient_mobile_index = null, legal_person_id_index = null where renewal_no = %L', no);
    execute format('update xuqi.renewal_content set %I = digest(''me'') where renewal_no = %L', place, no);
    set local session_replication_role = origin;
    select string_agg(code, '') into found from xuqi.review_actions((select r from xuqi.renewal as r where r.renewal_no = no), (select id from xuqi.staff where name = 'dan')) where action = 'claim';
    return found;
end
$$;
select same('as ' || place, recognised(:'d', array_fill(digest('nobody'), array[(n - 1)::int]) || digest('me') || array_fill(digest('nobody'), array[(5 - n)::int]), place), 'reviewer_own')
  from unnest(array['agent_id_index', 'agent_mobile_index', 'agent_email_index', 'recipient_mobile_index', 'legal_person_id_index']) with ordinality as p (place, n);
select yes('who stands in none is free', recognised(:'d', array_fill(digest('nobody'), array[5]), 'agent_email_index') <> 'reviewer_own');
select yes('what is not known is nobody', recognised(:'d', array[digest('nobody'), digest('nobody'), null, null, null], 'agent_email_index') <> 'reviewer_own');
-- The account at the web hall that submitted it, whoever the form names.
insert into xuqi.portal_account (mobile_index, mobile_sealed, mobile_masked) values (digest('hall mobile'), 'sealed', '139****0000') returning id as account \gset
insert into xuqi.renewal_portal (renewal_no, account_id) values (:'d', :account);
create function story.by_account(hall text) returns text language sql as $$
    select outcome from xuqi.staff_person_put('dan', 'sealed', digest('other id'), digest('other mobile'), null, null, null, digest(hall))
$$;
select same('what his own account submitted is his own, and he is told why', by_account('hall mobile') || ' ' || claim('dan', :'d') || ' ' || approve('dan', :'d') || ' ' || may('claim', :'d', 'dan') || ' ' || may('approve', :'d', 'dan'),
            'noted reviewer_account reviewer_account reviewer_account reviewer_account');
select same('nor is he given it', (select outcome from xuqi.review_reassign(token('sam'), :'d', 'dan', 600)), 'reviewer_account');
select yes('another''s account is another''s', by_account('other hall mobile') = 'noted' and may('claim', :'d', 'dan') <> 'reviewer_account');
select yes('who has none is free', (select outcome from xuqi.staff_person_put('dan', 'sealed', digest('other id'), digest('other mobile'))) = 'noted' and may('claim', :'d', 'dan') <> 'reviewer_account');
select (xuqi.review_reassign(token('sam'), :'d', '', 600)).outcome as back,
       xuqi.staff_person_put('dan', 'sealed', digest('other id'), digest('other mobile')) as noted \gset

-- -- two at once ---------------------------------------------------------------------------------------------------------
select publish('parallel', parallel => 1) as published, submit_as('p', 'parallel', 2) as p \gset
select same('two may hold it', claim('ann', :'p') || ' ' || claim('bob', :'p') || ' ' || claim('dan', :'p'), 'claimed claimed case_claimed');
select same('each as his', listed('ann', 'mine') || ', ' || listed('bob', 'mine') || ', ' || claimed_by || ' ' || second_claimed_by || ' ' || claimed_by_me, 'CN=c CN=p, CN=a CN=p, ANN BOB true')
  from xuqi.review_case(token('bob'), :'p');
select same('in whichever order', approve('bob', :'p') || ' ' || approve('ann', :'p'), 'first_approval approved');
select submit_as('q', 'parallel', 2) as q \gset
select claim('ann', :'q') as one, claim('bob', :'q') as two, approve('ann', :'q') as first \gset
select same('whoever holds it is named, in either place', outcome || ' ' || claimed_by, 'case_claimed BOB') from xuqi.review_claim(token('dan'), :'q', 600);
select same('in the list as well', claimed_by || ' ' || (claimed_until > now()), 'BOB true') from xuqi.review_list(token('sam'), 'second', '', 9) where renewal_no = :'q';
select same('for the last approval there is one place', claim('dan', :'q') || ' ' || claim('bob', :'q'), 'case_claimed claimed');
select claim('bob', :'q') as claimed, give_back('bob', :'q') as given \gset
select same('a return ends both', concat(:'given', claimed_by, second_claimed_by), 'returned') from xuqi.renewal where renewal_no = :'q';
select submit_as('s', 'parallel', 2) as s \gset
\set race `race 6 "select story.claim((array['ann','bob','dan','sam','ann','bob'])[%i], ':s')"`
select same('of six at once two hold it', (select count(*) from xuqi.renewal where renewal_no = :'s' and claimed_by <> second_claimed_by)::text, '1');

-- -- risk, what passes, samples --------------------------------------------------------------------------------------------
select publish('risk', risk => 2, fen => 20000) as published, submit_as('large', 'risk', 1) as large \gset
select same('what is risky has more reviewers', risk || ' ' || reviews_required, 'high 2') from xuqi.renewal where renewal_no = :'large';
select same('and says why', string_agg(name || '=' || result || ' ' || detail, ' '), 'amount=found large') from xuqi.review_check where renewal_no = :'large' and result <> 'passed' and name <> 'form_version';
select same('the first approval is not the last', claim('ann', :'large') || ' ' || approve('ann', :'large'), 'claimed first_approval');
select same('who has approved neither holds it up nor is given it again', (select outcome from xuqi.review_hold(token('ann'), :'large', now() + interval '1 day', 'x'))
            || ' ' || (select outcome from xuqi.review_reassign(token('sam'), :'large', 'ann', 600)), 'reviewer_same reviewer_same');
select same('the second review is a tab of its own', listed('bob', 'second') || ' ' || listed('ann', 'second'), 'CN=large empty');
select refused('afterwards nothing changes how many', format('update xuqi.renewal set reviews_required = 1 where renewal_no = %L', :'large'));
select publish('clean', risk => 1, fen => 30000, sample => 10000) as published, submit_as('clean', 'clean', 0) as clean \gset
select same('a clean case passes without a person', status(:'clean'), 'awaiting_install');
select same('and is drawn for a later look', listed('ann', 'sample') || ' ' || may('sample', :'clean', 'ann'), 'CN=clean ');
select same('what is wrong needs a word', (select outcome from xuqi.review_sample_look(token('cleo'), :'clean', 'right', '')) || ' ' ||
            (select outcome from xuqi.review_sample_look(token('ann'), :'large', 'right', '')), 'forbidden sample_unknown');
select refused('that is not there', format('select xuqi.review_sample_look(token(''ann''), %L, ''wrong'', '''')', :'clean'));
select same('looked at', (select outcome from xuqi.review_sample_look(token('ann'), :'clean', 'wrong', '照片不符', 'sample-key')) || ' ' ||
            (select outcome from xuqi.review_sample_look(token('ann'), :'clean', 'wrong', '照片不符', 'sample-key')) || ' ' ||
            (select outcome from xuqi.review_sample_look(token('bob'), :'clean', 'right', '')) || ' ' || listed('ann', 'sample'), 'looked looked sample_looked empty');
select refused('once', format('update xuqi.review_sample set verdict = ''right'' where renewal_no = %L', :'clean'));
select publish('clean but', risk => 1, fen => 20000, sample => 10000) as published, submit_as('unclean', 'clean but', 0) as unclean \gset
select same('what is not clean waits for a person', status(:'unclean') || ' ' || (select reviews_required from xuqi.renewal where renewal_no = :'unclean'), 'awaiting_review 1');
select same('each check once, with its source', (select string_agg(name || '/' || source, ' ' order by name collate "C") from xuqi.review_check where renewal_no = :'unclean'),
            'amount/platform duplicate_agent/server duplicate_key/server duplicate_subject/server form_version/platform identity_numbers/form organisation/form payment/alipay window/server');

-- -- what the checks find ----------------------------------------------------------------------------------------------------
create function story.finds(certificate text, names text[] default '{}', codes text[] default '{}', steps text[] default '{}', agent text default null) returns text
language plpgsql as $$
declare
    no text;
begin
    select renewal_no into no from submit(certificate, 'nonce ' || certificate, warning_fields => names, warning_codes => codes, steps => steps);
    set local session_replication_role = replica;
    update xuqi.renewal set status = 'awaiting_payment' where renewal_no = no;
    update xuqi.renewal_content set agent_id_index = digest(coalesce(agent, certificate)) where renewal_no = no;
    set local session_replication_role = origin;
    perform settle(attempt(no), 'txn ' || certificate);
    return (select string_agg(name || '=' || result || ':' || detail, ' ' order by name) from xuqi.review_check
             where renewal_no = no and result <> 'passed' and name <> 'form_version');
end
$$;
select same('the form''s warnings, where they belong', finds('warned', array['invoice.tax_id', 'organisation.name'], array['check_digit', 'differs_from_certificate']),
            'identity_numbers=found:invoice.tax_id:check_digit organisation=found:organisation.name:differs_from_certificate');
select same('what nobody said is open', finds('steps', steps => array['liveness', 'telecom']), 'liveness=open:missing telecom=open:missing');
select same('with nothing to find there is nothing', finds('gone'), null);
select same('one agent for many organisations', string_agg(coalesce(finds('agency ' || n, agent => 'agency'), 'nothing'), ', ' order by n),
            'nothing, nothing, nothing, nothing, duplicate_agent=found:many_organisations') from generate_series(1, 5) as n;
select renewal_in('completed', 'old') as old \gset
-- What this certificate was renewed to is renewed in turn, by another agent.
create function story.again(no text) returns text language plpgsql as $$
declare
    later text;
begin
    later := (select renewal_no from submit('again', 'nonce again'));
    set local session_replication_role = replica;
    update xuqi.renewal set certificate_fingerprint = (select fingerprint from xuqi.certificate as c where c.renewal_no = no) where renewal_no = later;
    update xuqi.renewal_content set agent_id_index = digest('somebody else') where renewal_no = later;
    update xuqi.renewal_content set agent_id_index = '\x01020304'::bytea || digest('old') where renewal_no = no;
    set local session_replication_role = origin;
    perform settle(attempt(later), 'txn again');
    return later;
end
$$;
select again(:'old') as later \gset
select same('differences from the last renewal; hashes under another key say nothing', detail, 'organisation subject')
  from xuqi.review_check where renewal_no = :'later' and name = 'last_renewal';
select same('a platform that changed since', (select result || detail from xuqi.review_check where renewal_no = :'large' and name = 'form_version'), 'passed');
select same('is told', (select detail from xuqi.review_check as k join xuqi.renewal as r on r.renewal_no = k.renewal_no where subject = 'CN=gone' and name = 'form_version'), 'platform_changed');
select same('what was corrected is not known any more', (select string_agg(name || '=' || result, ' ' order by name) from xuqi.review_check where renewal_no = :'c' and round = 1 and result = 'open'), null);

-- -- approvals that wait too long -----------------------------------------------------------------------------------------------
select publish('short', approval => 2) as published, submit_as('slow', 'short', 2) as slow \gset
select claim('ann', :'slow') as claimed, approve('ann', :'slow') as first \gset
select same('housekeeping leaves a fresh one', (xuqi.housekeeping(1800) is not null)::text || (select reviews_done from xuqi.renewal where renewal_no = :'slow'), 'true1');
set session_replication_role = replica;
update xuqi.approval set approved_at = now() - interval '9 days' where renewal_no = :'slow';
set session_replication_role = origin;
select xuqi.housekeeping(1800) as kept \gset
select same('an old one is void', reviews_done || ' ' || (select count(*) from xuqi.approval where renewal_no = :'slow' and voided_at is null), '0 0') from xuqi.renewal where renewal_no = :'slow';
select same('and the case begins anew, for everybody', claim('ann', :'slow') || ' ' || approve('ann', :'slow'), 'claimed first_approval');
set session_replication_role = replica;
update xuqi.approval set approved_at = now() - interval '9 days' where renewal_no = :'slow' and voided_at is null;
set session_replication_role = origin;
select same('the second approval does not count it either', claim('bob', :'slow') || ' ' || approve('bob', :'slow'), 'claimed first_approval');

-- -- figures ---------------------------------------------------------------------------------------------------------------------
select same('of all, for a senior', string_agg(name || ' ' || approved || returned || rejected, ', ' order by name), ' 920, ann 710, bob 210') from xuqi.review_figures(token('sam'), '2026-01-01', '2099-12-31');
select same('a reviewer sees himself and the desk', string_agg(name, ',' order by name) || ' ' || string_agg(distinct outcome, ' '), ',bob ok') from xuqi.review_figures(token('bob'), '2026-01-01', '2099-12-31');
select same('promises of the desk', (promised = 11 and kept = 10 and passed = 1 and sampled = 1 and sampled_wrong = 1 and claim_median_s >= 0 and decide_p90_s >= 0)::text, 'true')
  from xuqi.review_figures(token('sam'), '2026-01-01', '2099-12-31') where name = '';
select same('another month has none', string_agg(name || approved, ''), '0') from xuqi.review_figures(token('sam'), '2020-01-01', '2020-01-31');
select same('nobody else sees them', (select outcome from xuqi.review_figures(token('cleo'), '2026-01-01', '2026-01-02')), 'forbidden');
select yes('Prometheus is told', (select count(distinct metric) from xuqi.metrics_get() where metric like 'review%') >= 6);
select books_right();

-- -- rights per platform -----------------------------------------------------------------------------------------------------
select renewal_in('awaiting_review', 'elsewhere') as elsewhere \gset
set session_replication_role = replica;
update xuqi.staff set platforms = array['gpo'] where name = 'dan';
set session_replication_role = origin;
select same('a case of a platform that is not theirs is neither listed, counted, offered nor shown',
            listed('dan', 'waiting') || ' ' || (select cases from xuqi.review_counts(token('dan'), 99) where tab = 'waiting') || ' ' ||
            (select outcome from xuqi.review_next(token('dan'), '', 600)) || ' ' || (select outcome from xuqi.review_desk(token('dan'), :'elsewhere')), 'empty 0 empty platform_forbidden');
select same('nor claimed, held, resumed or looked at', concat_ws(' ', claim('dan', :'elsewhere'), (select outcome from xuqi.review_hold(token('dan'), :'elsewhere', now() + interval '1 h', 'x')),
            (select outcome from xuqi.review_resume(token('dan'), :'elsewhere')), (select outcome from xuqi.review_sample_look(token('dan'), :'elsewhere', 'right', ''))),
            'platform_forbidden platform_forbidden platform_forbidden platform_forbidden');
select same('nor given to them', (select outcome from xuqi.review_reassign(token('sam'), :'elsewhere', 'dan', 600)), 'staff_unknown');
