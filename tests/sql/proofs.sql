-- SPDX-License-Identifier: Apache-2.0
-- Proofs other than the current key: an account of the web hall that names a certificate, a portal's token that names the
-- account. Each holds for its own submission only.
set search_path = story;

create function story.seat(person text) returns bytea
language plpgsql as $$
begin
    perform xuqi.sms_code_request(digest('mobile ' || person), 'sealed', 'login', digest('salt ' || person), digest('code ' || person),
        '127.0.0.1', 300, 100, 100, 100, 1000, 100000);
    perform xuqi.portal_session_open_sms(digest('mobile ' || person), 'sealed', '138****0000', digest('code ' || person),
        digest('seat ' || person), 1800, 28800);
    return digest('seat ' || person);
end
$$;
create function story.known(certificate text) returns text
language sql as $$
    insert into xuqi.certificate (fingerprint, serial, der, subject, not_before, not_after)
    values (digest('certificate ' || certificate), 'c0ffee' || left(encode(digest(certificate), 'hex'), 8), certificate::bytea,
            'CN=' || certificate, now() - interval '1 year', now() + interval '1 year') returning 'known'
$$;
create function story.named(person text, certificate text, nonce text default null, guess text default 'right', address text default '127.0.0.1',
    account_per_hour bigint default 10, address_per_hour bigint default 1000, out outcome text, out proof text, out der bytea, out taken boolean)
language plpgsql as $$
begin
    if nonce is not null then
        perform xuqi.challenge_create(digest(nonce), 300);
    end if;
    select c.outcome, c.proof, c.der, c.taken into outcome, proof, der, taken from xuqi.portal_certificate(
        digest('seat ' || person), digest(nonce), digest('evidence ' || nonce), 'c0ffee' || left(encode(digest(certificate), 'hex'), 8),
        digest(certificate || guess), address, account_per_hour, address_per_hour) as c;
end
$$;
create function story.token(nonce text, certificate text, account text, jti text default null, evidence text default null) returns text
language plpgsql as $$
begin
    perform xuqi.challenge_create(digest(nonce), 300);
    return (select outcome from xuqi.portal_token_present(digest(nonce), digest(coalesce(evidence, 'evidence ' || nonce)),
        digest('certificate ' || certificate), 'https://portal', account, digest('jti ' || coalesce(jti, nonce)), now() + interval '5 minutes'));
end
$$;
create function story.tries(nonce text, certificate text) returns text
language plpgsql as $$
begin
    return (select outcome from submit(certificate, nonce, make_nonce => false));
exception when serialization_failure then
    return 'busy';
end
$$;
create function story.opens(person text, certificate text, nonce text) returns text
language plpgsql as $$
begin
    return (select outcome from named(person, certificate, nonce)) || ' ' || tries(nonce, certificate);
end
$$;

-- by serial number
select seat('ann') as a, seat('bea') as b \gset
select same('a certificate is known', known('one') || known('two'), 'knownknown');
select same('its serial number finds it', (select outcome || ' ' || proof || ' ' || convert_from(der, 'UTF8') || ' ' || taken from named('ann', 'one')), 'ok sms_code one false');
select same('an unknown one is answered like another organisation''s', (select outcome from named('ann', 'nothing')), 'organisation_mismatch');
select same('without a session nothing is', (select outcome from named('nobody', 'one')), 'unauthenticated');
select same('the same question counts once', (select string_agg(distinct (n).outcome, ' ') from (select named('bea', 'one', account_per_hour => 1) as n from generate_series(1, 5)) as asked), 'ok');
select same('another one is one too many', (select outcome from named('bea', 'two', account_per_hour => 1)), 'rate_limited');
select same('as is another organisation for the same', (select outcome from named('bea', 'one', guess => 'other', account_per_hour => 1)), 'rate_limited');
select same('an address has its limit too', (select string_agg((named('ann', 'g' || n, address => '10.1.1.1', address_per_hour => 2)).outcome, ' ') from generate_series(1, 3) as n),
            'organisation_mismatch organisation_mismatch rate_limited');
\set answers `race 10 "select outcome from story.named('bea', 'raced %i', account_per_hour => 4)"`
select same('of ten questions at once as many as are left are answered', :'answers', 'organisation_mismatch=3 rate_limited=7');
update xuqi.serial_ask set asked_at = asked_at - interval '61 minutes';
select same('an hour later one may ask again', (select outcome from named('bea', 'two', account_per_hour => 1)), 'ok');
delete from xuqi.serial_ask;

-- submitting
select same('a submission makes the renewal the account''s', opens('ann', 'one', 'n1'), 'ok created');
select same('as the books say', (select count(*)::text from xuqi.renewal_portal), '1');
select same('the same submission again gets it', opens('ann', 'one', 'n1'), 'ok open');
select same('another one of the same account as well', opens('ann', 'one', 'n2'), 'ok open');
select same('another account is told before', (select taken::text from named('bea', 'one', 'n3')), 'true');
select same('and gets nothing when it submits all the same', tries('n3', 'one'), 'busy');
select same('nor with the nonce of the first', (select taken::text from named('bea', 'one', 'n1')), 'true');
select same('the account finds its renewals', (select string_agg(outcome || ' ' || status || ' ' || organisation, ', ') from xuqi.portal_renewals(digest('seat ann'))), 'found awaiting_payment ' || (select organisation from xuqi.renewal join xuqi.renewal_portal using (renewal_no)));
select same('another one its own', (select string_agg(outcome, ', ') from xuqi.portal_renewals(digest('seat bea'))), 'empty');
select same('nobody none', (select string_agg(outcome, ', ') from xuqi.portal_renewals(digest('seat nobody'))), 'unauthenticated');
select same('a renewal submitted with the key is nobody''s', (select outcome from submit('two', 'key nonce')) || ' ' || (select taken from named('ann', 'two')), 'created true');
select named('ann', 'two', 'n4') as x \gset
select same('and stays so', tries('n4', 'two') || ' ' || (select count(*) from xuqi.renewal_portal), 'busy 1');
select known('five') as y \gset
select seat('r' || n) as x from generate_series(1, 2) as n \g /dev/null
select known('raced') as x \gset
select named('r1', 'raced', 'r1'), named('r2', 'raced', 'r2') \g /dev/null
\set answers `race 2 "select story.tries('r%i', 'raced')"`
select same('two accounts at once: one has it, the other is to ask again', :'answers', 'busy=1 created=1');
select same('and is told then', (select string_agg(taken::text, ' ' order by taken) from (select (named('r' || n, 'raced', 'again ' || n)).taken from generate_series(1, 2) as n) as both_), 'false true');

-- fetching
create function story.fetch_by(person text, no text) returns text
language plpgsql as $$
begin
    perform xuqi.challenge_create(digest('fetch ' || no), 300);
    return (select outcome from xuqi.issuance_begin_portal(no, digest('fetch ' || no), digest('seat ' || person), digest('key ' || no)));
end
$$;
select renewal_no as no from xuqi.renewal_portal limit 1 \gset
select same('nothing is issued before it is paid', fetch_by('ann', :'no'), 'not_paid');
select settle(attempt(:'no'), 'txn one') as x, hire('rev') as y \gset
select claim('rev', :'no') as x, approve('rev', :'no') as y \gset
select same('then to its account', fetch_by('ann', :'no'), 'ready');
select same('not to another', fetch_by('bea', :'no'), 'portal_renewal_taken');
select same('not without a session', fetch_by('nobody', :'no'), 'unauthenticated');
select same('nothing that was submitted with the key', fetch_by('ann', (select renewal_no from submit('two', 'key nonce 2'))), 'portal_renewal_taken');
update xuqi.portal_session set ended_at = now() where token_digest = digest('seat ann');
select same('nor after logging out', fetch_by('ann', :'no'), 'unauthenticated');

-- a portal's token
select same('the first application records its account', token('t1', 'p', 'acme') || ' ' || tries('t1', 'p'), 'ok created');
select same('the same again is answered', token('t1', 'p', 'acme') || ' ' || tries('t1', 'p'), 'ok open');
select same('a token is used once', token('t2', 'p', 'acme', jti => 't1'), 'portal_token_used');
select same('another account is refused', token('t3', 'p', 'other'), 'portal_account_mismatch');
select same('the account comes back with a new token', token('t4', 'p', 'acme') || ' ' || tries('t4', 'p'), 'ok open');
select same('what was only presented is not used', token('t5', 'q', 'acme', jti => 'once') || ' ' || token('t6', 'q', 'acme', jti => 'once'), 'ok ok');
\set answers `race 2 "select story.tries(case %i when 1 then 't5' else 't6' end, 'q')"`
select same('one token twice at once is used once', :'answers', 'busy=1 created=1');
select token('t7', 'w', 'acme'), token('t8', 'w', 'other') \g /dev/null
\set answers `race 2 "select story.tries(case %i when 1 then 't7' else 't8' end, 'w')"`
select same('two accounts at once: one is recorded', :'answers' || ' ' || (select count(*) from xuqi.certificate_portal_account where certificate_fingerprint = digest('certificate w')), 'busy=1 created=1 1');
select token('t9', 'x', 'acme', evidence => 'other') as x \gset
select same('a token presented for other bytes serves nothing', tries('t9', 'x'), 'busy');
insert into xuqi.certificate (fingerprint, serial, der, subject, not_before, not_after, renewal_no)
select digest('certificate young'), 'abc', 'young', 'CN=young', now(), now() + interval '1 year', renewal_no from xuqi.renewal where certificate_fingerprint = digest('certificate p');
select same('a renewed certificate belongs to the account of the old one', token('t10', 'young', 'other') || ' ' || token('t11', 'young', 'acme'), 'portal_account_mismatch ok');
select same('an administrator records an account', (select outcome from xuqi.portal_account_bind(digest('certificate five'), 'https://portal', 'acme')) || ' ' ||
    (select outcome from xuqi.portal_account_bind(digest('certificate five'), 'https://portal', 'acme')), 'added known');
select same('once', (select outcome from xuqi.portal_account_bind(digest('certificate five'), 'https://portal', 'other')), 'portal_account_mismatch');
select same('of a certificate that is known', (select outcome from xuqi.portal_account_bind(digest('certificate never'), 'https://portal', 'acme')), 'certificate_unknown');
select refused('a record is not changed', $$ update xuqi.certificate_portal_account set account = 'other' $$);
select refused('nor whose a renewal is', $$ delete from xuqi.renewal_portal $$);
update xuqi.portal_token set expires_at = now() - interval '2 days';
select codes from xuqi.portal_tidy() \gset
select same('expired tokens go', (select count(*)::text from xuqi.portal_token), '0');
select books_right();

-- correcting what was submitted in the web hall
create function story.corrects(person text, no text, nonce text default null, names text[] default array['agent.mobile'], fingerprint bytea default null)
returns text language plpgsql as $$
begin
    perform xuqi.challenge_create(digest(coalesce(nonce, person || no)), 300);
    return (select concat_ws(' ', outcome, status) from xuqi.correction_submit(
        digest(coalesce(nonce, person || no)), no, fingerprint, digest('body ' || coalesce(nonce, person || no)), 'sealed correction',
        (select returns from xuqi.renewal where renewal_no = no), (select coalesce(max(number), 0) from xuqi.correction where renewal_no = no),
        names, array_fill('old'::text, array[cardinality(names)]), array_fill('new'::text, array[cardinality(names)]), array_fill(1::bigint, array[cardinality(names)]),
        'sealed new', 'new*', '440***', '139****9000', 'n***@example.com', '', digest('new id'), digest('new mobile'), null, null, '{}', '{}', 'title', 'tax id',
        null, digest('seat ' || person)));
end
$$;
create function story.asks(person text, no text, body text default 'x') returns text language sql as $$
    select concat_ws(' ', outcome, portal_proof, convert_from(certificate_der, 'UTF8'), named)
      from xuqi.correction_begin(no, null, digest(body), digest('seat ' || person))
$$;
create function story.ours(certificate text, person text) returns text
language plpgsql as $$
declare
    no text;
begin
    perform known(certificate), named(person, certificate, 'ours ' || certificate), tries('ours ' || certificate, certificate);
    select renewal_no into no from xuqi.renewal where subject = 'CN=' || certificate;
    perform settle(attempt(no), 'txn ' || certificate), claim('rev', no);
    if (select give_back('rev', no)) <> 'returned' then
        raise 'not returned';
    end if;
    return no;
end
$$;
delete from xuqi.serial_ask;
select seat('cem') as c, seat('dee') as d \gset
select ours('hall', 'cem') as hall \gset
select same('its account begins a correction', asks('cem', :'hall'), 'ready sms_code hall agent.mobile');
select same('another account does not', asks('dee', :'hall') || ', ' || corrects('dee', :'hall'), 'portal_renewal_taken, portal_renewal_taken returned');
select same('nor anybody without a session', asks('nobody', :'hall') || ', ' || corrects('nobody', :'hall'), 'unauthenticated, unauthenticated returned');
select same('nor the key', (select outcome from xuqi.correction_begin(:'hall', digest('certificate hall'), digest('x'))) || ', ' || left(correct(:'hall'), 26),
            'platform_proof_unsupported, platform_proof_unsupported');
select same('a key that is not its own is told so', (select outcome from xuqi.correction_begin(:'hall', digest('certificate two'), digest('x'))), 'signer_mismatch');
select same('a session corrects nothing that the key submitted', asks('cem', r.renewal_no) || ', ' || left(corrects('cem', r.renewal_no), 26), 'platform_proof_unsupported, platform_proof_unsupported')
  from xuqi.renewal as r where subject = 'CN=two';
select same('nor what does not exist', asks('cem', '01000000000000000') || ', ' || corrects('cem', '01000000000000000'), 'renewal_unknown, renewal_unknown');
select same('a key''s fingerprint beside a session opens nothing', corrects('dee', :'hall', 'both', fingerprint => digest('certificate hall')), 'portal_renewal_taken returned');
select same('refusals leave nothing', (select count(*)::text from xuqi.correction) || ' ' || (select (used_at is null)::text from xuqi.challenge where nonce_digest = digest('both')), '0 true');
update xuqi.portal_session set idle_until = now() + interval '1 minute' where token_digest = digest('seat cem');
select same('its account corrects', corrects('cem', :'hall'), 'corrected awaiting_review');
select yes('which keeps the session awake', idle_until > now() + interval '10 minutes') from xuqi.portal_session where token_digest = digest('seat cem');
select same('the same bytes again answer', corrects('cem', :'hall') || ', ' || asks('cem', :'hall', 'body cem' || :'hall'), 'corrected awaiting_review, repeated sms_code hall ');
select same('but nobody else', corrects('dee', :'hall', 'cem' || :'hall') || ', ' || asks('dee', :'hall', 'body cem' || :'hall'), 'nonce_used awaiting_review, portal_renewal_taken');
select same('its nonce is used up', corrects('cem', :'hall', 'cem' || :'hall') || ' ' || (select count(*) from xuqi.correction), 'corrected awaiting_review 1');
select ours('contest', 'cem') as contest \gset
\set answers `race 8 "select story.corrects('cem', (select renewal_no from xuqi.renewal where subject = 'CN=contest'), 'contest %i')"`
select same('of eight corrections at once one is kept', :'answers' || ' ' || (select count(*) from xuqi.correction where renewal_no = :'contest'), 'corrected awaiting_review=1 renewal_state awaiting_review=7 1');
select ours('ended', 'cem') as ended \gset
update xuqi.portal_session set ended_at = now() where token_digest = digest('seat cem');
select same('a session that has ended corrects nothing', asks('cem', :'ended') || ', ' || corrects('cem', :'ended'), 'unauthenticated, unauthenticated returned');
update xuqi.portal_session set ended_at = null, idle_until = now() - interval '1 s' where token_digest = digest('seat cem');
select same('nor one that was idle', asks('cem', :'ended') || ', ' || corrects('cem', :'ended'), 'unauthenticated, unauthenticated returned');
select books_right();
