-- SPDX-License-Identifier: Apache-2.0
-- What an applicant asks and takes back: may I apply, where are my renewals, cancel.
set search_path = story;

-- -- may I apply ------------------------------------------------------------------------------------------------------
create function story.may(certificate text, organisation text default null, open_per_organisation bigint default 0)
returns text language sql as $$
    select coalesce(refusal, 'none') || ' ' || open
      from xuqi.renewal_eligibility(digest('certificate ' || certificate),
                                    coalesce(organisation, 'organisation of ' || certificate), 'sz-consumables',
                                    open_per_organisation)
$$;
select same('nothing stands in the way of a new certificate', may('lee'), 'none false');
select renewal_in('awaiting_payment', 'lee') as no \gset
select same('an open renewal is said and refuses nothing', may('lee'), 'none true');
select renewal_in('completed', 'done') as done \gset
select same('a renewed certificate is refused as by the submission',
            may('done') || ' / ' || (select outcome from submit('done', 'done again')),
            'certificate_renewed false / certificate_renewed');
select outcome from submit('member', 'member', organisation => 'guild') \gset
select same('the organisation''s limit is that of the submission',
            may('guest', 'guild', 1) || ' / ' || (select outcome from submit('guest', 'guest', organisation => 'guild',
                                                                             open_per_organisation => 1)),
            'organisation_limit false / organisation_limit');
select same('who is open already is within the limit', may('member', 'guild', 1), 'none true');
select outcome from xuqi.certificate_import('bad1', digest('certificate lee'), 'certificate lee', 'CN=lee',
    '2026-01-01', '2027-01-01', null) \gset
select count(*) as events from xuqi.audit_event \gset
select same('a question leaves nothing', may('lee') || ' ' || (select count(*) - :events from xuqi.audit_event),
            'none true 0');

-- -- where are my renewals --------------------------------------------------------------------------------------------
create function story.look(certificate text, nonce text, evidence text default null, make_nonce boolean default true)
returns text language plpgsql as $$
begin
    if make_nonce then
        perform xuqi.challenge_create(digest(nonce), 300);
    end if;
    return (select string_agg(outcome || coalesce(' ' || renewal_no || ' ' || status, ''), ', ')
              from xuqi.renewal_lookup(digest(nonce), digest(coalesce(evidence, 'look ' || nonce)),
                                       digest('certificate ' || certificate)));
end
$$;
select same('a certificate finds its renewal', look('lee', 'look 1'), 'found ' || :'no' || ' awaiting_payment');
select same('the very same signed bytes are answered again', look('lee', 'look 1'),
            'found ' || :'no' || ' awaiting_payment');
select same('one use is written down', (select count(*) from xuqi.audit_event where action = 'renewal.lookup')::text, '1');
select same('other bytes with this nonce are refused', look('lee', 'look 1', 'other'), 'nonce_used');
select same('a nonce used for a question submits nothing',
            (select outcome from submit('wang', 'look 1', evidence => 'look look 1', make_nonce => false)), 'nonce_used');
select same('nor does it fetch a certificate', begin_issue(renewal_in('awaiting_install', 'fetch'), nonce => 'look 1'),
            'nonce_used');
select same('a nonce used for a submission finds nothing', look('lee', 'nonce lee', 'evidence nonce lee'), 'nonce_used');
select same('a nonce that nobody made is refused', look('lee', 'look 2', make_nonce => false), 'nonce_unknown');
select nonce('short', 0) is not null as made \gset
select same('an expired nonce is refused', look('lee', 'short', make_nonce => false), 'nonce_expired');
select same('who has no renewals is told so', look('nobody', 'look 3'), 'empty');
update xuqi.challenge set expires_at = now() where nonce_digest = digest('look 1');
select same('the same bytes are not answered once the nonce has expired', look('lee', 'look 1', make_nonce => false),
            'nonce_expired');
\set answers `race 20 "select story.look('done', 'raced', make_nonce => true)"`
select same('twenty equal questions at once have one answer', :'answers', 'found ' || :'done' || ' completed=20');
\set answers `race 20 "select outcome from xuqi.renewal_lookup(story.nonce('contended'), story.digest('%i'), story.digest('certificate done'))"`
select same('of twenty different ones with one nonce one is answered', :'answers', 'found=1 nonce_used=19');
select renewal_in('rejected', 'twice') as refused \gset
select pg_sleep(0.01) is not null as waited \gset
select renewal_no as again from submit('twice', 'twice again') \gset
select same('the newest comes first', look('twice', 'look 4'),
            'found ' || :'again' || ' awaiting_payment, found ' || :'refused' || ' rejected');
do $$
begin
    for i in 1 .. 52 loop
        perform xuqi.renewal_cancel((select renewal_no from story.submit('many', 'many ' || i)));
    end loop;
end
$$;
select same('at most fifty are told', (select count(*) from xuqi.renewal_lookup(nonce('look 5'), digest('look 5'),
            digest('certificate many')))::text, '50');
select outcome from xuqi.certificate_revoke('bad1', 'keyCompromise') \gset
select same('a revoked certificate finds nothing', look('lee', 'look 6'), 'certificate_revoked');
select same('and uses no nonce up',
            (select used_at::text from xuqi.challenge where nonce_digest = digest('look 6')), null);
select same('a revoked certificate may not apply, open renewal or not', may('lee'), 'certificate_revoked true');

-- -- cancel -----------------------------------------------------------------------------------------------------------
create function story.cancel(no text) returns text language sql as $$
    select outcome || coalesce(' ' || status, '') from xuqi.renewal_cancel(no)
$$;
select renewal_in('awaiting_payment', 'regret') as regret \gset
select order_no as regret_order from xuqi.renewal where renewal_no = :'regret' \gset
select attempt(:'regret') as regret_attempt \gset
\set answers `race 20 "select story.cancel(':regret')"`
select same('twenty cancellations at once have one answer', :'answers', 'cancelled cancelled=20');
select same('the invoice is reversed once', (select count(*) from xuqi.posting as p join xuqi.posting as i on i.id = p.reverses
    where p.event_type = 'cancel' and p.event_key = :'regret_order' and i.event_type = 'invoice')::text, '1');
select same('nothing is due any more', (select debits - credits from xuqi.balance join xuqi."order" on receivable_id = account_id
    where order_no = :'regret_order')::text, '0');
select same('the applicant is told once', (select count(*) from xuqi.outbox where event = 'cancelled' and renewal_no = :'regret')::text, '1');
select same('one event says who', (select string_agg(actor, ' ') from xuqi.audit_event
    where action = 'renewal.cancel' and object = :'regret'), 'applicant');
select same('it opens no payment', (select outcome from xuqi.payment_open(:'regret', 'alipay', 1800)), 'renewal_state');
select same('a payment that comes all the same is surplus', settle(:'regret_attempt', 'late regret'), 'surplus');
select same('and does not bring it back', status(:'regret'), 'cancelled');
select same('again it is cancelled', cancel(:'regret'), 'cancelled cancelled');
select same('after that one may apply again', (select outcome from submit('regret', 'regret again')), 'created');
select same('nobody''s is not cancelled', cancel('01000000000000000'), 'renewal_unknown');
select same('what is paid is not cancelled but refunded, ' || state, cancel(renewal_in(state, 'paid ' || state)),
            'refund_asked ' || state)
  from unnest(array['awaiting_review', 'awaiting_install']) as state;
select same('what is ' || state || ' stays so', cancel(renewal_in(state, 'ended ' || state)), 'renewal_state ' || state)
  from unnest(array['rejected', 'issued', 'completed']) as state;
select renewal_in('awaiting_payment', 'draft') as draft \gset
begin;
set local session_replication_role = replica;
update xuqi.renewal set status = 'draft' where renewal_no = :'draft';
commit;
select same('a draft is cancelled as well', cancel(:'draft'), 'cancelled cancelled');
select renewal_in('awaiting_payment', 'hasty') as hasty \gset
select attempt(:'hasty') as hasty_attempt \gset
\set answers `race 10 "select case when %i % 2 = 0 then story.settle(':hasty_attempt', 'hasty') else (select outcome from xuqi.renewal_cancel(':hasty')) end"`
select yes('paying and cancelling at once have one winner, got ' || :'answers',
           case status(:'hasty') when 'cancelled' then :'answers' = 'cancelled=5 replayed=4 surplus=1'
                                 else :'answers' = 'refund_asked=5 replayed=4 settled=1' end);
select books_right();
