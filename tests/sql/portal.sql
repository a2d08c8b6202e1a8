-- SPDX-License-Identifier: Apache-2.0
-- The web hall's accounts: codes that live shortly and once, sessions that end, locks that tell nothing.
set search_path = story;

create function story.code(mobile text, purpose text default 'login', word text default null, address text default '127.0.0.1',
                           lifetime_s bigint default 300, address_per_hour bigint default 1000, all_per_day bigint default 100000) returns text
language sql as $$
    select outcome from xuqi.sms_code_request(digest('mobile ' || mobile), 'sealed', purpose, digest('salt ' || coalesce(word, random()::text)),
        digest(purpose || mobile || 'right'), address, lifetime_s, 1, 5, 10, address_per_hour, all_per_day)
$$;
-- Time passes: every code of the number was asked for this much earlier, and lives as long.
create function story.later(mobile text, much interval default '61 seconds') returns void
language sql as $$ update xuqi.sms_code set requested_at = requested_at - much where mobile_index = digest('mobile ' || mobile) $$;
create function story.sms_login(mobile text, token text, typed text default 'right') returns text
language sql as $$
    select outcome from xuqi.portal_session_open_sms(digest('mobile ' || mobile), 'sealed', '138****0000', digest('login' || mobile || typed),
        digest('portal ' || token), 1800, 28800)
$$;
create function story.register(mobile text, name text, token text, typed text default 'right') returns text
language sql as $$
    select outcome from xuqi.portal_register(digest('mobile ' || mobile), 'sealed', '138****0000', digest('register' || mobile || typed),
        name, 'hash of ' || name, digest('portal ' || token), 1800, 28800)
$$;
create function story.enter(login_name text, token text, accepted boolean default true, address text default '127.0.0.1', hash text default null) returns text
language sql as $$
    select outcome from xuqi.portal_session_open((select id from xuqi.portal_account where name = login_name),
        coalesce(hash, (select password_hash from xuqi.portal_account where name = login_name), ''), digest('typed ' || login_name), address, accepted,
        digest('portal ' || token), 1800, 28800, 5, 900)
$$;
create function story.who(token text) returns text
language sql as $$ select outcome || coalesce(' ' || coalesce(name, '-') || ' ' || proof, '') from xuqi.portal_session_get(digest('portal ' || token)) $$;

-- codes
select same('a code is asked for', code('a', word => 'first'), 'requested');
select same('the same request again is the same code', code('a', word => 'first'), 'requested');
select same('and one message', (select count(*)::text from xuqi.outbox where topic = 'sms_code'), '1');
select same('a number gets one a minute', code('a'), 'sms_limit');
select same('for any purpose', code('a', 'register'), 'sms_limit');
select later('a') as passed \gset
select same('then another one', code('a'), 'requested');
select same('of which one lives', (select count(*)::text from xuqi.sms_code where mobile_index = digest('mobile a') and ended_at is null), '1');
do $$ begin for n in 1..3 loop perform story.later('a'), story.code('a'); end loop; end $$;
select later('a') as passed \gset
select same('five an hour', code('a'), 'sms_limit');
select later('a', '1 hour') as passed \gset
do $$ begin for n in 1..5 loop perform story.code('a'), story.later('a'); end loop; end $$;
select later('a', '1 hour') as passed \gset
select same('ten a day', code('a') || ' ' || (select count(*) from xuqi.sms_code where mobile_index = digest('mobile a')), 'sms_limit 10');
select same('another number is not touched', code('b'), 'requested');
select same('an address has its limit', (select string_agg(code('address ' || n, address => '10.1.1.1', address_per_hour => 3), ' ') from generate_series(1, 4) as n),
            'requested requested requested sms_limit');
select same('and so has the day', code('day', all_per_day => 2), 'sms_limit');
select same('a new password''s code is asked for in the same words', code('nobody', 'password'), 'requested');
select same('but not sent to a number without an account', (select count(*)::text from xuqi.outbox where event = 'password'), '0');
\set answers `race 20 "select story.code('raced')"`
select same('of 20 requests at once one is let through', :'answers', 'requested=1 sms_limit=19');
\set answers `race 20 "select story.code('address raced %i', address => '10.2.2.2', address_per_hour => 4)"`
select same('of 20 from one address four', :'answers', 'requested=4 sms_limit=16');
select same('a live code is due', (select purpose from xuqi.sms_code_due((select id from xuqi.sms_code where mobile_index = digest('mobile b')))), 'login');
update xuqi.sms_code set expires_at = now() where mobile_index = digest('mobile b');
select same('an expired one is not sent any more', (select count(*)::text from xuqi.sms_code_due((select id from xuqi.sms_code where mobile_index = digest('mobile b')))), '0');
select same('and opens nothing', sms_login('b', 'b1'), 'sms_code_refused');
select refused('a purpose that does not exist', $$ select story.code('x', 'gift') $$);

-- logging in by code
select same('a new number logs in', code('c') || ' ' || sms_login('c', 'c1'), 'requested opened');
select same('it has an account without a name', who('c1'), 'ok - sms_code');
select same('a code works once', sms_login('c', 'c2'), 'sms_code_refused');
select later('c') as passed \gset
select same('the account is found again', code('c') || ' ' || sms_login('c', 'c3') || ' ' ||
            (select count(*) from xuqi.portal_account where mobile_index = digest('mobile c')), 'requested opened 1');
select same('another purpose''s code opens nothing', code('d', 'register') || ' ' || sms_login('d', 'd1'), 'requested sms_code_refused');
select same('four wrong tries leave a code alive', code('e') || ' ' || (select string_agg(sms_login('e', 'e1', 'wrong'), ' ') from generate_series(1, 4)) || ' ' || sms_login('e', 'e1'),
            'requested sms_code_refused sms_code_refused sms_code_refused sms_code_refused opened');
select same('five end it', code('f') || ' ' || (select string_agg(distinct sms_login('f', 'f1', 'wrong'), ' ') from generate_series(1, 5)) || ' ' || sms_login('f', 'f1'),
            'requested sms_code_refused sms_code_refused');
select same('how many tries are left is told with each refusal, by the same statement', code('left') || ' ' ||
            (select string_agg((select xuqi.sms_code_tries_left(digest('mobile left'), 'login') from xuqi.portal_session_open_sms(digest('mobile left'),
                'sealed', '138****0000', digest('wrong ' || n), digest('portal left'), 1800, 28800) where outcome = 'sms_code_refused')::text, ' ') from generate_series(1, 6) as n),
            'requested 4 3 2 1 0 0');
select same('none where no code was asked for', xuqi.sms_code_tries_left(digest('mobile nobody''s'), 'login')::text, '0');
select code('g') as asked \gset
\set answers `race 20 "select story.sms_login('g', 'g%i')"`
select same('a code used 20 times at once opens one session', :'answers', 'opened=1 sms_code_refused=19');
select code('h') as asked \gset
\set answers `race 20 "select story.sms_login('h', 'h%i', 'wrong')"`
select same('20 wrong tries at once end the code', :'answers' || ' ' || sms_login('h', 'h'), 'sms_code_refused=20 sms_code_refused');
select refused('nobody tries a sixth time', $$ update xuqi.sms_code set tries = 6 where mobile_index = story.digest('mobile h') $$);
select refused('nor five times a live code', $$ insert into xuqi.sms_code (mobile_index, mobile_sealed, purpose, salt, code_digest, address_mark, tries, expires_at)
    values (story.digest('i'), 's', 'login', story.digest('is'), story.digest('ic'), story.digest('ia'), 5, now()) $$);

-- registering
select same('who has the code registers', code('r', 'register') || ' ' || register('r', 'ruby', 'r1'), 'requested opened');
select same('and is logged in', who('r1'), 'ok ruby portal_account');
select later('r') as passed \gset
select same('a registered number is told, once it is proved', code('r', 'register') || ' ' || register('r', 'other', 'r2'), 'requested account_exists');
select same('a taken name is told, for a try each', code('s', 'register') || ' ' || (select string_agg(register('s', 'ruby', 's1'), ' ') from generate_series(1, 6)),
            'requested account_name_taken account_name_taken account_name_taken account_name_taken account_name_taken sms_code_refused');
select same('nobody learns of a name without a code', register('t', 'ruby', 't1'), 'sms_code_refused');
select later('s') as passed \gset
select same('a free one is taken then', code('s', 'register') || ' ' || register('s', 'ruby', 's2') || ' ' || register('s', 'sara', 's3'), 'requested account_name_taken opened');
select later('c') as passed \gset
select same('who only had codes keeps the account', code('c', 'register') || ' ' || register('c', 'cleo', 'c4') || ' ' || who('c3'), 'requested opened ok cleo sms_code');
select count(code('u' || n, 'register')) as asked from generate_series(1, 10) as n \gset
\set answers `race 10 "select story.register('u%i', 'same', 'u%i')"`
select same('of ten that want one name at once one gets it', :'answers', 'account_name_taken=9 opened=1');
select refused('a name that could be a number', $$ update xuqi.portal_account set name = '13800138000' where name = 'ruby' $$);
select refused('a name without a password', $$ update xuqi.portal_account set password_hash = null where name = 'ruby' $$);
select refused('an account is never removed', $$ delete from xuqi.portal_account $$);

-- passwords
select same('the right password opens', enter('ruby', 'p1'), 'opened');
select same('five wrong ones are refused', (select string_agg(enter('ruby', 'x', false, '10.3.0.' || n), ' ') from generate_series(1, 5) as n),
            'portal_login_refused portal_login_refused portal_login_refused portal_login_refused portal_login_refused');
select same('then the account is locked, also for the right one', enter('ruby', 'p2'), 'login_locked');
select same('an unknown account is locked in the same way', (select string_agg(enter('nobody', 'x', false, '10.4.0.' || n), ' ') from generate_series(1, 6) as n),
            'portal_login_refused portal_login_refused portal_login_refused portal_login_refused portal_login_refused login_locked');
select same('staff of that name and address are not', (select hire('ruby')), 'opened');
select same('an address is locked after twenty', (select string_agg(distinct enter('many ' || n, 'x', false, '10.5.5.5'), ' ') from generate_series(1, 20) as n) || ' ' || enter('sara', 'p3', true, '10.5.5.5'),
            'portal_login_refused login_locked');
\set answers `race 20 "select story.enter('sara', 'x', false, '10.6.0.%i')"`
select same('of 20 guesses at once five are looked at', :'answers', 'login_locked=15 portal_login_refused=5');
select later('r') as passed \gset
select same('a new password', code('r', 'password') || ' ' || (select outcome from xuqi.portal_password_change(digest('mobile r'), digest('passwordrright'), 'new hash')), 'requested changed');
select same('ends every session', who('r1') || ' ' || who('p1'), 'unauthenticated unauthenticated');
select same('and the lock', enter('ruby', 'p4'), 'opened');
select same('the old hash, verified a moment ago, opens nothing', enter('ruby', 'p5', hash => 'hash of ruby'), 'portal_login_refused');
select same('without a code nothing changes', (select outcome from xuqi.portal_password_change(digest('mobile r'), digest('passwordrright'), 'x')), 'sms_code_refused');
select same('nor where there is no account', (select outcome from xuqi.portal_password_change(digest('mobile nobody'), digest('passwordnobodyright'), 'x')), 'sms_code_refused');

-- sessions
update xuqi.portal_session set idle_until = now() + interval '1 minute' where token_digest = digest('portal p4');
select yes('use moves the idle end', (select expires_at > now() + interval '29 minutes' from xuqi.portal_session_get(digest('portal p4'))));
select yes('to the end of the session at most', (select bool_and(idle_until <= expires_at) from xuqi.portal_session));
select same('logging out', (select outcome from xuqi.portal_session_close(digest('portal p4'))), 'closed');
select same('ends it', who('p4'), 'unauthenticated');
select same('again it is closed', (select outcome from xuqi.portal_session_close(digest('portal p4'))), 'closed');
select same('what never was', (select outcome from xuqi.portal_session_close(digest('guess'))), 'unauthenticated');
update xuqi.portal_session set idle_until = now() where token_digest = digest('portal c3');
select same('an idle session has ended', who('c3'), 'unauthenticated');
update xuqi.portal_account set status = 'disabled' where name = 'cleo';
select same('a disabled account is out', who('c4') || ' ' || enter('cleo', 'c5'), 'unauthenticated portal_login_refused');

-- tidying
update xuqi.sms_code set requested_at = requested_at - interval '26 hours' where mobile_index = digest('mobile a');
update xuqi.portal_session set expires_at = now() - interval '2 days' where token_digest = digest('portal p4');
select yes('what has served its time goes', (select codes = 10 and sessions = 1 from xuqi.portal_tidy()));
select same('no number, code or address is kept in clear', (select count(*)::text from xuqi.sms_code where length(mobile_index) <> 32 or length(address_mark) <> 32), '0');
