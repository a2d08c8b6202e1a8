-- SPDX-License-Identifier: Apache-2.0
-- Issuance: no certificate without payment, approval and exactly the approved content; one live intent, one issuer.
set search_path = story;

select renewal_in('awaiting_payment', 'unpaid') as unpaid \gset
select renewal_in('awaiting_review', 'unapproved') as unapproved \gset
select renewal_in('rejected', 'rejected') as rejected \gset
select renewal_in('awaiting_install', 'lee') as no \gset
select same('not before payment', begin_issue(:'unpaid') || ' ' || (intend(:'unpaid')).outcome, 'not_paid not_paid');
select same('not before approval', begin_issue(:'unapproved') || ' ' || (intend(:'unapproved')).outcome, 'not_approved not_approved');
select same('not after rejection', begin_issue(:'rejected') || ' ' || (intend(:'rejected')).outcome, 'renewal_state renewal_state');
select same('not of nothing', begin_issue('01000000000000000'), 'renewal_unknown');
select same('approved and paid it is ready', begin_issue(:'no'), 'ready');
select same('with the old subject, the promised end and the profile',
            (select encode(subject_der, 'hex') || ' ' || not_after || ' ' || profile || profile_version
               from xuqi.issuance_begin(array[:'no'], array[digest('issue ' || :'no')], array[digest('certificate lee')], array[digest('k')])),
            '3000 2027-12-31 04:00:00+00 profile1');
select same('not for another signer', (select outcome from xuqi.issuance_begin(array[:'no'], array[digest('issue ' || :'no')], array[digest('other')], array[digest('k')])),
            'signer_mismatch');
select same('not with an unknown nonce', (select outcome from xuqi.issuance_begin(array[:'no'], array[digest('never')], array[digest('certificate lee')], array[digest('k')])),
            'nonce_unknown');
select same('not with the nonce of the application', (select outcome from xuqi.issuance_begin(array[:'no'], array[digest('nonce lee')], array[digest('certificate lee')], array[digest('k')])),
            'nonce_used');
select nonce('old', 0) as old \gset
select same('not with an expired one', (select outcome from xuqi.issuance_begin(array[:'no'], array[digest('old')], array[digest('certificate lee')], array[digest('k')])),
            'nonce_expired');

select outcome as outcome, issuance_id as id from intend(:'no') \gset
select same('an intent', :'outcome', 'intended');
select same('the same intent again', (select outcome || issuance_id from intend(:'no')), 'intended' || :'id');
select same('its nonce is used up for others', begin_issue(:'unapproved', nonce => 'issue ' || :'no'), 'nonce_used');
select same('another serial meanwhile', (intend(:'no', 'second')).outcome, 'busy');
select same('a certificate that is not the intent''s', refused('x', format('select story.record(%s, %L)', :'id', 'other')), 'ok x');
select same('recording', record(:'id', :'no'), 'recorded');
select same('again', record(:'id', :'no'), 'recorded');
select refused('another certificate for it', format('select story.record(%s, %L, der => %L)', :'id', :'no', 'second signature'));
select same('it is issued', status(:'no'), 'issued');
select same('revenue and tax are booked', (select string_agg(a.kind || '=' || t.amount, ' ' order by t.leg)
    from xuqi.posting p join xuqi.transfer t on t.posting_id = p.id join xuqi.account a on a.id = t.credit_id
   where p.event_type = 'issue'), 'revenue=18868 output_tax=1132');
select same('the applicant is told once', (select count(*) from xuqi.outbox where event = 'issued')::text, '1');
select same('the same key gets the same certificate', begin_issue(:'no', nonce => 'fresh'), 'issued');
select same('also with the very same request', begin_issue(:'no'), 'issued');
select same('namely this one', (select convert_from(certificate_der, 'UTF8') from xuqi.issuance_begin(array[:'no'], array[digest('fresh')], array[digest('certificate lee')], array[digest('key ' || :'no')])),
            'der ' || :'no');
select same('another key gets none', begin_issue(:'no', 'other', 'fresh'), 'already_issued');
select same('no second intent', (intend(:'no', 'third', 'other', 'fresh')).outcome || (intend(:'no', 'fourth', nonce => 'fresh')).outcome, 'already_issuedbusy');
select same('it is kept for the renewal', (select convert_from(der, 'UTF8') from xuqi.certificate where renewal_no = :'no'), 'der ' || :'no');
select same('nothing else', (select count(*) from xuqi.certificate where renewal_no = :'unpaid')::text, '0');
select same('acknowledging', (select outcome || status from xuqi.certificate_acknowledge(:'no')), 'completedcompleted');
select same('again', (select outcome || status from xuqi.certificate_acknowledge(:'no')), 'completedcompleted');
select same('too early', (select outcome from xuqi.certificate_acknowledge(:'unpaid')), 'certificate_unknown');
select same('of nothing', (select outcome from xuqi.certificate_acknowledge('01000000000000000')), 'renewal_unknown');
select refused('abandoning what is recorded', format('select xuqi.issuance_abandon(story.fence(), %s, %L)', :'id', 'late'));

-- The guard on the table, whoever asks.
create function story.bare_intent(no text, content_hash bytea default null, fence bigint default story.fence(),
                                  serial_word text default 'bare', key text default 'bare', late interval default '0') returns text
language sql as $$
    select format('insert into xuqi.issuance (renewal_no, fence, serial, csr_spki_sha256, csr_der, request_evidence_sha256,
                   not_before, not_after, tbs, content_hash) select renewal_no, %s, %L, %L, %L, %L, now(), not_after + %L::interval, %L, %L
                   from xuqi.renewal where renewal_no = %L', fence, story.serial(serial_word), story.digest('key ' || key), '\x00',
                  story.digest('r'), late, '\x00', coalesce(content_hash, xuqi.renewal_content_hash(no)), no)
$$;
select renewal_in('awaiting_install', 'guarded') as guarded \gset
select refused('the guard: unpaid', bare_intent(:'unpaid'));
select refused('the guard: unapproved', bare_intent(:'unapproved'));
select refused('issued already', bare_intent(:'no'), '23505');
select refused('the guard: changed content', bare_intent(:'guarded', digest('changed')));
select refused('the guard: an old fence', bare_intent(:'guarded', fence => fence() - 1));
select refused('the guard: another validity', bare_intent(:'guarded', late => '1 day'));
select refused('a serial that was used', bare_intent(:'guarded', serial_word => :'no'), '23505');
select refused('a key that has a certificate', bare_intent(:'guarded', key => :'no'), '23505');
select same('which issuance_intend says in words', (intend(:'guarded', 'reused', :'no')).outcome, 'csr_key_refused');
select same('and changed content as well', (intend(:'guarded', content_hash => digest('changed'))).outcome, 'case_changed');
begin;
set local session_replication_role = replica;
update xuqi.renewal_content set common_name = 'changed behind the reviewers' where renewal_no = :'guarded';
set local session_replication_role = origin;
select refused('the guard: content changed after the approval', bare_intent(:'guarded'));
rollback;
begin;
set local session_replication_role = replica;
update xuqi.balance set credits = 0 where account_id = (select receivable_id from xuqi."order" where renewal_no = :'guarded');
set local session_replication_role = origin;
select refused('the guard: paid by name only', bare_intent(:'guarded'));
rollback;
begin;
update xuqi.approval set voided_at = now() where renewal_no = :'guarded';
select refused('the guard: a voided approval', bare_intent(:'guarded'));
rollback;

-- Halt.
select same('halting', (select outcome from xuqi.issuance_halt('drill')) || (select outcome from xuqi.issuance_halt('drill')), 'haltedhalted');
select same('nothing begins', begin_issue(:'guarded') || ' ' || (intend(:'guarded')).outcome, 'issuance_halted issuance_halted');
select refused('the guard: halted', bare_intent(:'guarded'));
select same('releasing', (select outcome from xuqi.issuance_release()) || (select outcome from xuqi.issuance_release()), 'releasedreleased');

-- Abandoning.
select issuance_id as id from intend(:'guarded', 'doubt') \gset
select same('abandoning', (select outcome from xuqi.issuance_abandon(fence(), :'id', 'hsm timed out')), 'abandoned');
select same('again', (select outcome from xuqi.issuance_abandon(fence(), :'id', 'hsm timed out')), 'abandoned');
select same('its serial is listed', (select reason from xuqi.abandoned_serial where serial = serial('doubt')), 'hsm timed out');
select same('its certificate comes too late', record(:'id', 'doubt'), 'abandoned');
select same('the same request may be tried again', begin_issue(:'guarded'), 'ready');
select refused('but not with that serial', bare_intent(:'guarded', serial_word => 'doubt'), '23505');
select issuance_id as lost from intend(:'guarded', 'lost') \gset
begin;
set local session_replication_role = replica;
update xuqi.issuance set intended_at = intended_at - interval '3 minutes' where id = :'lost';
set local session_replication_role = origin;
commit;
select same('an intent nobody knows of makes way', (intend(:'guarded', 'after')).outcome, 'intended');
select same('and cannot be recorded', record(:'lost', 'lost'), 'abandoned');

-- Two issuers.
select renewal_in('awaiting_install', 'fenced') as fenced \gset
select fence as old from xuqi.issuer_lease_take('first issuer', 0) \gset
select same('a lease that is held is not taken', (select outcome from xuqi.issuer_lease_take('issuer', 60)) || ' ' ||
            (select outcome from xuqi.issuer_lease_take('second issuer', 60)), 'held busy');
select same('its holder keeps the fence', (select fence from xuqi.issuer_lease_take('issuer', 60))::text, fence()::text);
select issuance_id as mine, fence() as old from intend(:'fenced', 'mine') \gset
select same('it runs out', (select outcome from xuqi.issuer_lease_take('issuer', 0)), 'held');
select outcome, fence as new from xuqi.issuer_lease_take('second issuer', 60) \gset
select same('the next one has the next fence', (:new - :old)::text, '1');
select same('the old intent is abandoned', (select state from xuqi.issuance where id = :'mine'), 'abandoned');
select same('the old issuer records nothing', record(:'mine', 'mine', :old), 'abandoned');
select same('and intends nothing', (intend(:'fenced', 'again', fence => :old)).outcome, 'fenced');
select outcome, issuance_id as mine from intend(:'fenced', 'new', fence => :new) \gset
select same('the new one does', :'outcome', 'intended');
select same('nor does it abandon what is not its own', (select outcome from xuqi.issuance_abandon(:old, :'mine', 'x')), 'fenced');
select same('nor record it', record(:'mine', 'new', :old), 'fenced');
select same('the new one records', record(:'mine', 'new', :new), 'recorded');
select xuqi.issuer_lease_take('second issuer', 0) as over \gset
\set answers `race 12 "select outcome from xuqi.issuer_lease_take('candidate %i', 60)"`
select same('of twelve candidates at once one gets it', :'answers', 'busy=11 held=1');
update xuqi.issuer_lease set until = '-infinity';
select renewal_in('awaiting_install', 'race') as raced \gset
select fence() as fence, nonce('issue ' || :'raced') as made \gset
\set answers `race 16 "select outcome from story.intend(':raced', 'race %i')"`
select same('of sixteen intents at once one', :'answers', 'busy=15 intended=1');
select issuance_id as id, word as word from (select id as issuance_id, n as word from xuqi.issuance, generate_series(1, 16) as n
    where renewal_no = :'raced' and issuance.serial = serial('race ' || n)) as live \gset
\set answers `race 8 "select story.record(:id, 'race :word')"`
select same('recorded once, whoever asks', :'answers', 'recorded=8');
select same('revenue is booked once', (select count(*) from xuqi.posting p join xuqi."order" o on o.order_no = p.event_key
                                        where event_type = 'issue' and o.renewal_no = :'raced')::text, '1');
select renewal_in('awaiting_install', 'takeover') as over \gset
select fence() as fence, issuance_id as id from intend(:'over', 'takeover') \gset
update xuqi.issuer_lease set until = '-infinity';
\set answers `race 10 "select case when %i % 2 = 0 then story.record(:id, 'takeover', :fence) else (select outcome from xuqi.issuer_lease_take('usurper', 60)) end"`
select yes('a record and a takeover at once: recorded or abandoned, never both',
           :'answers' in ('held=5 recorded=5', 'abandoned=5 held=5')
           and (select count(*) from xuqi.certificate where renewal_no = :'over')
               = (select count(*) from xuqi.issuance where renewal_no = :'over' and state = 'signed'));
select certificate_serial as serial from xuqi.renewal where renewal_no = :'guarded' \gset
select outcome from xuqi.certificate_import(:'serial', digest('certificate guarded'), 'certificate guarded', 'CN=guarded', '2026-01-01', '2027-01-01', null) \gset
select outcome from xuqi.certificate_revoke(:'serial', 'lost key') \gset
select same('a revoked certificate collects nothing', begin_issue(:'guarded', nonce => 'revoked now'), 'certificate_revoked');
select books_right();
