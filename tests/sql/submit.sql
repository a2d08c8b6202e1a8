-- SPDX-License-Identifier: Apache-2.0
-- Submission: one open renewal per certificate, whatever arrives how often.
set search_path = story;

select outcome as outcome, renewal_no as no, order_no as order_no from submit('lee', 'first') \gset
select same('a first application creates a renewal', :'outcome', 'created');
select yes('the renewal number is 01, Beijing''s date and seven digits',
           :'no' ~ ('^01' || to_char(now() at time zone 'Asia/Shanghai', 'YYYYMMDD') || '[0-9]{7}$'));
select yes('the order number is Beijing''s time, 01 and ten digits',
           :'order_no' ~ ('^' || to_char(now() at time zone 'Asia/Shanghai', 'YYYYMMDD') || '[0-9]{6}01[0-9]{10}$'));
select same('it awaits payment', status(:'no'), 'awaiting_payment');
select same('its fees are kept', (select string_agg(name || '=' || unit_fen, ' ' order by line) from xuqi.order_line),
            'certificate fee=15000 service fee=5000');
select same('it is invoiced', (select debits - credits from xuqi.balance b join xuqi.account a on a.id = b.account_id
                                where a.kind = 'receivable' and owner_key = :'order_no')::text, '20000');
select same('the applicant is told', (select topic || ' ' || event from xuqi.outbox where renewal_no = :'no'),
            'message submitted');
select same('it is on the audit trail', (select actor || ' ' || detail from xuqi.audit_event
                                          where action = 'renewal.submit' and object = :'no'), 'applicant created');

select same('the same signed bytes again get the same renewal',
            (select outcome || renewal_no from submit('lee', 'first')), 'open' || :'no');
select same('a new application for the certificate gets the open renewal',
            (select outcome || renewal_no || order_no || total_fen from submit('lee', 'second')),
            'open' || :'no' || :'order_no' || '20000');
select same('its nonce is used up as well',
            (select outcome from submit('lee', 'second', evidence => 'other')), 'nonce_used');
select same('a used nonce is refused for other content',
            (select outcome from submit('lee', 'first', evidence => 'other')), 'nonce_used');
select same('a used nonce is refused for another certificate',
            (select outcome from submit('wang', 'first', evidence => 'evidence first')), 'nonce_used');
select same('a nonce that nobody made is refused',
            (select outcome from submit('wang', 'never made', make_nonce => false)), 'nonce_unknown');
select nonce('short', 0) is not null as made \gset
select same('an expired nonce is refused', (select outcome from submit('wang', 'short', make_nonce => false)),
            'nonce_expired');
select same('a refusal writes nothing', (select count(*) from xuqi.renewal)::text, '1');
select same('a refusal leaves the nonce as it was',
            (select used_at::text from xuqi.challenge where nonce_digest = digest('short')), null);
select same('a challenge made twice keeps its first expiry',
            (select (xuqi.challenge_create(digest('first'), 9999) < now() + interval '301 s')::text), 'true');

select same('an organisation may have so many open',
            (select string_agg(outcome, ' ' order by n)
               from generate_series(1, 3) as n,
                    lateral submit('member ' || n, 'member ' || n, organisation => 'guild',
                                   open_per_organisation => 2)), 'created created organisation_limit');
select same('the member who is open already is answered at the limit',
            (select outcome from submit('member 1', 'member 1 again', organisation => 'guild',
                                        open_per_organisation => 2)), 'open');

select outcome from xuqi.certificate_import('bad1', digest('certificate revoked'), 'certificate revoked', 'CN=r',
    '2026-01-01', '2027-01-01', null) \gset
select outcome from xuqi.certificate_revoke('bad1', 'key compromise') \gset
select same('a revoked certificate is refused', (select outcome from submit('revoked', 'revoked')),
            'certificate_revoked');
select renewal_in('completed', 'done') as done \gset
select same('a certificate that was renewed is refused', (select outcome from submit('done', 'done again')),
            'certificate_renewed');
select renewal_in('rejected', 'refused') as refused \gset
select same('after a rejection one may apply again', (select outcome from submit('refused', 'refused again')),
            'created');

\set answers `race 40 "select outcome from story.submit('racer', 'race %i')"`
select same('of 40 applications for one certificate at once one is created', :'answers', 'created=1 open=39');
select same('there is one renewal of it',
            (select count(*) from xuqi.renewal where certificate_fingerprint = digest('certificate racer'))::text, '1');
\set answers `race 20 "select outcome from story.submit('twin', 'twin', make_nonce => true)"`
select same('of 20 equal requests at once one is created', :'answers', 'created=1 open=19');
\set answers `race 12 "select outcome from story.submit('guest %i', 'guest %i', organisation => 'inn', open_per_organisation => 5)"`
select same('the organisation''s limit holds in a race', :'answers', 'created=5 organisation_limit=7');

select same('progress of an unknown number is no row', (select count(*) from xuqi.renewal_progress('01000000000000000'))::text, '0');
select same('progress shows what is due', (select status || ' ' || payment_status || ' ' || amount_fen
                                             from xuqi.renewal_progress(:'no')), 'awaiting_payment unpaid 20000');
select books_right();
