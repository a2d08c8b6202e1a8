-- SPDX-License-Identifier: Apache-2.0
-- Logging in: counted, locked, each one-time code once; sessions that end.
set search_path = story;

select outcome as added from xuqi.staff_add('ann', 'Ann', 'argon2id', '\x00', array['reviewer', 'senior_reviewer']) \gset
select same('staff is added', :'added', 'added');
select same('again it is known', (select outcome from xuqi.staff_add('ann', 'Other', 'x', '\x00', array['auditor'])), 'known');
select same('and unchanged', (select display_name from xuqi.staff where name = 'ann'), 'Ann');
select refused('a role that does not exist', $$ select xuqi.staff_add('eve', 'Eve', 'x', '\x00', array['root']) $$);
select same('a credential is found', (select password_hash || status from xuqi.staff_credential('ann')), 'argon2idactive');
select same('an unknown one is no row', (select count(*) from xuqi.staff_credential('nobody'))::text, '0');

select same('a right login opens a session', login('ann', 100), 'opened');
select same('the same token again answers its session', login('ann', 100), 'opened');
select same('a used one-time code is refused', login('ann', 100, token => digest('t2')), 'login_refused');
select same('an older one as well', login('ann', 99, token => digest('t2')), 'login_refused');
select same('a newer one is taken', login('ann', 101, token => digest('t2')), 'opened');
select same('success clears the name''s failures', (select count(*) from xuqi.login_failure where kind = 'name')::text, '0');
select same('a session says who it is', (select outcome || ' ' || name || ' ' || display_name || ' ' || roles
                                           from xuqi.staff_session_get(token('ann'))), 'ok ann Ann reviewer,senior_reviewer');
select same('another token does not', (select outcome from xuqi.staff_session_get(digest('guess'))), 'unauthenticated');

select same('five failures are refused', (select string_agg(login('ann', 200 + n, false, digest('bad'), '10.0.0.' || n), ' ')
                                            from generate_series(1, 5) as n),
            'login_refused login_refused login_refused login_refused login_refused');
select same('then the name is locked, also for the right password', login('ann', 300, token => digest('t3')), 'login_locked');
select same('an unknown name is locked in the same way',
            (select string_agg(login('nobody', 1, false, digest('bad'), '10.0.1.' || n), ' ') from generate_series(1, 6) as n),
            'login_refused login_refused login_refused login_refused login_refused login_locked');
select same('an address is locked for every name',
            (select string_agg(login('name ' || n, 1, false, digest('bad'), '10.9.9.9'), ' ') from generate_series(1, 6) as n),
            'login_refused login_refused login_refused login_refused login_refused login_locked');
update xuqi.login_failure set at = at - interval '16 minutes';
select same('the lock ends', login('ann', 300, token => digest('t3')), 'opened');
\set answers `race 30 "select story.login('guessed', 1, false, story.digest('g'), '10.8.%i.1')"`
select same('of 30 guesses at once five are looked at', :'answers', 'login_locked=25 login_refused=5');
select hire('bob') as hired \gset
\set answers `race 10 "select story.login('bob', 500, true, story.digest('token bob %i'), '10.7.%i.1', 1000)"`
select same('one one-time code opens one session in a race', :'answers', 'login_refused=9 opened=1');
select same('no name, address or password is kept with failures',
            (select count(*) from xuqi.login_failure where length(subject) <> 32)::text, '0');

update xuqi.staff_session set idle_until = now() + interval '1 minute' where token_digest = token('ann');
select yes('use moves the idle end', (select expires_at > now() + interval '14 minutes' from xuqi.staff_session_get(token('ann'))));
select yes('to the end of the session at most', (select bool_and(idle_until <= expires_at) from xuqi.staff_session));
update xuqi.staff_session set idle_until = now() where token_digest = token('ann');
select same('an idle session has ended', (select outcome from xuqi.staff_session_get(token('ann'))), 'unauthenticated');
select same('closing a session', (select outcome from xuqi.staff_session_close(digest('t2'))), 'closed');
select same('ends it', (select outcome from xuqi.staff_session_get(digest('t2'))), 'unauthenticated');
select same('again it is closed', (select outcome from xuqi.staff_session_close(digest('t2'))), 'closed');
select same('closing what never was', (select outcome from xuqi.staff_session_close(digest('guess'))), 'unauthenticated');
select same('disabling somebody', (select outcome from xuqi.staff_disable('ann')), 'disabled');
select same('ends the sessions', (select outcome from xuqi.staff_session_get(digest('t3'))), 'unauthenticated');
select same('and refuses the right password', login('ann', 900, token => digest('t9')), 'login_refused');
select same('again', (select outcome from xuqi.staff_disable('ann')), 'disabled');
select same('somebody unknown', (select outcome from xuqi.staff_disable('nobody')), 'staff_unknown');

-- Who somebody is, noted by himself: a session is not enough.
select hire('eve') as hired \gset
create function story.is_now(who text, step bigint, accepted boolean default true, mobile text default 'mobile', email text default 'email', address text default '10.6.0.1') returns text language sql as $$
    select outcome from xuqi.staff_person_change(token(who), accepted, step, address, 3, 900, 'sealed', digest('id'), digest(mobile), digest(email), digest('to ' || mobile), digest('legal id'), digest('hall ' || mobile))
$$;
create function story.noted(who text) returns text language sql as $$ select concat_ws(' ', outcome, noted, email, case when noted_at > now() - interval '1 hour' then 'now' end) from xuqi.staff_person_get(token(who)) $$;
select same('nothing is known at first', noted('eve') || ', ' || noted('nobody'), 'ok f f, unauthenticated f f');
select same('what is checked is his own', (select outcome || ' ' || name || ' ' || password_hash from xuqi.staff_own_credential(token('eve'))) || ', ' || (select outcome from xuqi.staff_own_credential(digest('guess'))),
            'ok eve argon2id, unauthenticated');
select same('without a session nobody does', is_now('nobody', 700), 'unauthenticated');
select same('password or code wrong: nothing is noted', is_now('eve', 700, false) || ' ' || noted('eve'), 'step_up_refused ok f f');
\set answers `race 8 "select story.is_now('eve', 701)"`
select same('eight at once note it once', :'answers' || ' ' || noted('eve') || ' ' || (select count(*) from xuqi.audit_event where action = 'staff.person'), 'noted=8 ok t t now 1');
select same('it is on the trail as his own doing', (select actor || ' ' || object from xuqi.audit_event where action = 'staff.person'), 'staff:eve staff:eve');
select same('a code works once', is_now('eve', 701, mobile => 'another'), 'step_up_refused');
select same('with the next one he changes it', is_now('eve', 702, mobile => 'another'), 'noted');
select yes('all of it', person_mobile_index = digest('another') and person_portal_index = digest('hall another')) from xuqi.staff where name = 'eve';
select same('the code is not one to log in with any more', login('eve', 702, token => digest('t77')), 'login_refused');
select same('what is there already is not noted again', is_now('eve', 703, mobile => 'another') || ' ' || (select count(*) from xuqi.audit_event where action = 'staff.person'), 'noted 2');
select same('guesses are counted with those at login, and lock', (select string_agg(is_now('eve', 800 + n, false, address => '10.6.0.2'), ' ') from generate_series(1, 4) as n) || ' ' || login('eve', 900, token => digest('t78'), attempts_limit => 3),
            'step_up_refused step_up_refused step_up_refused login_locked login_locked');
select same('locked is locked for the right one, too', is_now('eve', 950, address => '10.6.0.3'), 'login_locked');
delete from xuqi.login_failure;
select same('a disabled account notes nothing', (select outcome from xuqi.staff_disable('eve')) || ' ' || is_now('eve', 960), 'disabled unauthenticated');

-- Why a session is none, and that it is recorded.
select hire('cid') as hired \gset
select same('a token that was never given', (select outcome from xuqi.staff_refuse(digest('guess'), 'unauthenticated', 'GET /x', 'feed')), 'session_unknown');
select same('is recorded, with nobody''s name', (select actor || ' ' || object || ' ' || detail from xuqi.audit_event
    where action = 'access.refuse' order by id desc limit 1), 'unknown route:GET /x session_unknown request=feed');
select same('when a flood has had its share, it is told and not recorded',
    (select outcome from xuqi.staff_refuse(digest('flood'), 'unauthenticated', 'GET /flood', 'feed', in_record => false))
    || ' ' || (select count(*) from xuqi.audit_event where object = 'route:GET /flood'), 'session_unknown 0');
select same('without a token it stays as it was', (select outcome from xuqi.staff_refuse(null, 'unauthenticated', 'GET /x', 'feed')), 'unauthenticated');
select same('another refusal stays what it is', (select outcome from xuqi.staff_refuse(token('cid'), 'forbidden', 'GET /x', 'feed')), 'forbidden');
select same('and has a name', (select actor from xuqi.audit_event where action = 'access.refuse' order by id desc limit 1), 'staff:cid');
select same('a live session is not explained away', (select outcome from xuqi.staff_refuse(token('cid'), 'unauthenticated', 'GET /x', 'feed')), 'unauthenticated');
update xuqi.staff_session set idle_until = now() where token_digest = token('cid');
select same('an idle one has expired', (select outcome from xuqi.staff_refuse(token('cid'), 'unauthenticated', 'GET /x', 'feed')), 'session_expired');
update xuqi.staff_session set ended_at = now() where token_digest = token('cid');
select same('an ended one was ended', (select outcome from xuqi.staff_refuse(token('cid'), 'unauthenticated', 'GET /x', 'feed')), 'session_ended');
