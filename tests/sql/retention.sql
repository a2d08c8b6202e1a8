-- SPDX-License-Identifier: Apache-2.0
-- Personal data is erased when its time is over and not before; what the law wants kept stays. Keys change under it.
set search_path = story;

create function story.held(no text) returns text language sql as $$
    select concat_ws(' ', length(evidence_sealed) > 0, length(personal_sealed) > 0, num_nonnulls(agent_id_index, agent_mobile_index, recipient_mobile_index),
                     agent_name_masked || agent_id_masked || agent_mobile_masked || agent_email_masked || recipient_masked <> '')
      from xuqi.renewal_content where renewal_no = no $$;
create function story.erase(unpaid_days bigint default 30, years bigint default 5) returns bigint language sql as $$
    select xuqi.retention_erase(unpaid_days, years, 100) $$;
create function story.ended(no text, ago interval) returns void language sql as $$
    update xuqi.renewal set decided_at = now() - ago where renewal_no = no $$;

-- what the time is
select (submit('cancelled', 'cancelled')).renewal_no as cancelled, (submit('open', 'open')).renewal_no as open,
       renewal_in('rejected', 'rejected') as rejected, renewal_in('completed', 'done') as done,
       (submit('late', 'late', materials => array['agent_id'])).renewal_no as draft,
       (submit('surplus', 'surplus')).renewal_no as surplus \gset
select xuqi.material_put(:'draft', 'agent_id', 1, 'image/png', 4, digest('scan'), 'sealed scan') as put, attempt(:'surplus') as attempt \gset
select count((xuqi.renewal_cancel(it)).outcome) as cancel from unnest(array[:'cancelled', :'draft', :'surplus']) as it \gset
select settle(:'attempt', 'late money') as settled \gset
create function story.kept(no text) returns text language sql as $$ select class || coalesce(' ' || (until > now() + interval '4 years'), '') from xuqi.renewal_retention(no, 30, 5) $$;
select same('unpaid: some days', kept(:'cancelled'), 'unpaid false');
select same('in progress: nobody knows', kept(:'open'), 'open');
select same('rejected: years', kept(:'rejected'), 'refused true');
select same('issued: years after the new certificate''s end', kept(:'done') || ' ' || (select until = not_after + interval '5 years'
    from xuqi.renewal, xuqi.renewal_retention(renewal_no, 30, 5) where renewal_no = :'done'), 'issued true true');
select same('cancelled, but money came: years', kept(:'surplus'), 'refused true');
select same('every class has its law', (select string_agg(class, ' ' order by class) from xuqi.retention_class where basis = '' or period = ''), null);

-- erasing
select same('nothing is due yet', erase()::text, '0');
select ended(:'cancelled', interval '29 days'), ended(:'draft', interval '31 days'), ended(:'surplus', interval '31 days'),
       ended(:'rejected', interval '4 years') \gset
select same('a draft with documents is due after its days', erase()::text, '1');
select same('nothing of it is left', held(:'draft') || ' ' || (select count(*) from xuqi.material where renewal_no = :'draft'), 'f f 0 f 0');
select same('nor its invoice''s buyer', (select invoice_title || invoice_tax_id from xuqi.renewal where renewal_no = :'draft'), '');
select same('it is on record with its hash', (select class || ' ' || actor || ' ' || length(content_hash) from xuqi.erasure where renewal_no = :'draft'), 'unpaid system 32');
select same('and on the audit trail', (select actor || ' ' || detail from xuqi.audit_event where action = 'personal.erase'), 'system unpaid: time of retention is over');
select same('the others are as they were', held(:'cancelled') || ', ' || held(:'surplus') || ', ' || held(:'rejected') || ', ' || held(:'done'),
            't t 2 t, t t 2 t, t t 2 t, t t 2 t');
select same('again there is nothing to do', erase()::text, '0');
select ended(:'rejected', interval '6 years') \gset
select same('a rejected one is due after its years', erase()::text || ' ' || held(:'rejected'), '1 f f 0 f');
select same('its refund stays', (select count(*) from xuqi.refund_due where renewal_no = :'rejected')::text, '1');
select same('the years can be more', erase(years => 9)::text, '0');
select books_right();
select same('the certificate stays', (select count(*) from xuqi.certificate where renewal_no = :'done')::text, '1');
alter table xuqi.renewal disable trigger moves;
update xuqi.renewal set not_after = now() - interval '61 months' where renewal_no = :'done';
alter table xuqi.renewal enable trigger moves;
select same('an issued one is due years after its end', erase()::text || ' ' || held(:'done'), '1 f f 0 f');
select same('its certificate, approvals and posting stay', (select concat_ws(' ', (select count(*) from xuqi.certificate where renewal_no = :'done'),
    (select count(*) from xuqi.approval where renewal_no = :'done'), (select count(*) from xuqi."order" where renewal_no = :'done' and state = 'paid'))), '1 1 1');
select ended(:'cancelled', interval '31 days') \gset
\set race `race 8 "select erased from xuqi.retention_erase(30, 5, 100)"`
select same('of eight at once one erases', :'race', '0=7 1=1');
select books_right();

-- nothing else changes the content
select refused('emptying what is not on record', format($$ update xuqi.renewal_content set personal_sealed = '' where renewal_no = %L $$, :'surplus'));
select refused('removing an index', format($$ update xuqi.renewal_content set agent_id_index = null where renewal_no = %L $$, :'surplus'));
select refused('another mask', format($$ update xuqi.renewal_content set agent_name_masked = 'x' where renewal_no = %L $$, :'surplus'));
select refused('another evidence digest', format($$ update xuqi.renewal_content set evidence_sha256 = sha256('x') where renewal_no = %L $$, :'surplus'));
select refused('another name once erased', format($$ update xuqi.renewal_content set common_name = 'x' where renewal_no = %L $$, :'done'));
select refused('filling what was erased', format($$ update xuqi.renewal_content set personal_sealed = 'x' where renewal_no = %L $$, :'done'));
select refused('writing it again as it is', format($$ update xuqi.renewal_content set common_name = common_name where renewal_no = %L $$, :'surplus'));
select refused('removing the content', $$ delete from xuqi.renewal_content $$);
select refused('forgetting an erasure', $$ delete from xuqi.erasure $$);
select refused('an erasure of what is kept', format($$ insert into xuqi.erasure values (%L, 'voucher', 'a', 'r', sha256('x')) $$, :'surplus'));
select refused('an erasure without a reason', format($$ insert into xuqi.erasure values (%L, 'unpaid', 'a', '', sha256('x')) $$, :'surplus'));
select refused('other classes', $$ delete from xuqi.retention_class $$);
select refused('other places', $$ delete from xuqi.sealed_column $$);

-- a natural person
create function story.subject(word text) returns text[] language sql as $$ select array[encode(story.digest(word), 'hex')] $$;
create function story.person(no text, id text, mobile text, recipient text) returns void language plpgsql as $$
begin
    alter table xuqi.renewal_content disable trigger keeps;
    update xuqi.renewal_content set agent_id_index = story.digest(id), agent_mobile_index = story.digest(mobile), recipient_mobile_index = story.digest(recipient) where renewal_no = no;
    alter table xuqi.renewal_content enable trigger keeps;
end $$;
select (submit('p1', 'p1')).renewal_no as unpaid, renewal_in('awaiting_review', 'p2') as paid, (submit('p3', 'p3')).renewal_no as other \gset
select person(:'unpaid', 'zhang', 'zhang m', 'li m'), person(:'paid', 'zhang', 'zhang m', 'li m'), person(:'other', 'li', 'li am', 'zhang m') \gset
select same('found by number as agent', (select string_agg(renewal_no || as_agent || as_recipient, ' ') from xuqi.subject_renewals(subject('zhang'))),
            :'unpaid' || 'truefalse ' || :'paid' || 'truefalse');
select same('found by mobile as either', (select count(*) || ' ' || count(*) filter (where as_recipient) from xuqi.subject_renewals(subject('zhang m'))), '3 1');
select same('several keys'' indexes at once', (select count(*) from xuqi.subject_renewals(subject('zhang') || subject('li')))::text, '3');
select same('nobody', (select count(*) from xuqi.subject_renewals(subject('wu')))::text, '0');
select same('an export holds status, class and law', (select string_agg(status || ' ' || class || ' ' || (basis <> ''), ', ' order by renewal_no)
    from xuqi.subject_export(subject('zhang'), 'asked', 30, 5)), 'awaiting_payment open true, awaiting_review open true');
select same('and is on the audit trail with its reason', (select string_agg(object || ' ' || said(detail), ', ' order by id) from xuqi.audit_event where action = 'subject.export'),
            :'unpaid' || ' asked, ' || :'paid' || ' asked');
create function story.forget(word text) returns text language sql as $$
    select string_agg(outcome || ' ' || class, ', ' order by renewal_no) from xuqi.subject_erase(story.subject(word), 'asked', 30, 5) $$;
select same('a recipient ends nobody else''s renewal', forget('li m'), 'kept open, kept open');
select same('before payment it is cancelled and erased, after it the law keeps it', forget('zhang'), 'cancelled_and_erased unpaid, kept open');
select same('nothing is left of the first', status(:'unpaid') || ' ' || held(:'unpaid'), 'cancelled f f 0 f');
select same('everything of the second', status(:'paid') || ' ' || held(:'paid'), 'awaiting_review t t 3 t');
select same('the refusal is on the audit trail', (select string_agg(object || ' ' || said(detail), ',' order by id) from xuqi.audit_event where action = 'subject.erase_refused' and object = :'paid'), :'paid' || ' open: asked,' || :'paid' || ' open: asked');
select same('again finds what is left', forget('zhang'), 'kept open');
select same('what staff typed about the first is gone with it, of the second it is there', (select string_agg(object || ':' || words, ', ' order by object)
    from (select distinct object, words from xuqi.reason where object in (:'unpaid', :'paid')) as r), :'unpaid' || ':, ' || :'paid' || ':asked');
select same('an event whose words are gone leads to nobody', (select said(detail) from xuqi.audit_event where action = 'subject.export' and object = :'unpaid'), 'NO SUCH REASON');
select same('a message to who is erased has no addressee', (select length(personal_sealed)::text from xuqi.message_facts(array[:'unpaid'])), '0');
select books_right();

-- keys
create function story.sealed(key text, word text) returns bytea language sql as $$ select '\x01'::bytea || left_pad || convert_to(word, 'UTF8') from (select substr(story.digest(key), 1, 4) as left_pad) as k $$;
select same('every sealed column is registered', (select string_agg(table_name || '.' || column_name, ' ') from information_schema.columns
    where table_schema = 'xuqi' and data_type = 'bytea' and column_name like '%sealed'
      and not exists (select from xuqi.sealed_column s where s.table_name = columns.table_name and s.column_name = columns.column_name)), null);
select same('every blind index is', (select string_agg(table_name || '.' || column_name, ' ') from information_schema.columns
    where table_schema = 'xuqi' and data_type = 'bytea' and column_name like '%\_index'
      and not exists (select from xuqi.sealed_column s where s.table_name = columns.table_name and s.column_name = columns.column_name)), null);
select renewal_content_hash as before from xuqi.renewal_content_hash(:'paid') \gset
select encode(held_sha256, 'hex') as held from xuqi.seal_stale('renewal_content.personal_sealed', '\x00000000', '', 100) where row_key = :'paid' \gset
select same('a value is replaced by one as long', (select outcome from xuqi.seal_replace('renewal_content.personal_sealed', :'paid', decode(:'held', 'hex'), sealed('k', 'persona 2x'))), 'replaced');
select same('which leaves what was approved as it was', xuqi.renewal_content_hash(:'paid')::text, :'before');
select same('the second of two changes nothing', (select outcome from xuqi.seal_replace('renewal_content.personal_sealed', :'paid', decode(:'held', 'hex'), sealed('k', 'persona 3x'))), 'changed');
select same('it is stale no more', (select count(*) from xuqi.seal_stale('renewal_content.personal_sealed', substr(digest('k'), 1, 4), '', 100) where row_key = :'paid')::text, '0');
select same('what is done with keys', (select outcome from xuqi.seal_note('key.rotate', 'abcd', '3 values')), 'noted');
select same('is on the trail', (select action || ' ' || object || ' ' || detail from xuqi.audit_event where object = 'key:abcd'), 'key.rotate key:abcd 3 values');
select same('a census counts it by its key', (select uses::text from xuqi.seal_places() where name = 'renewal_content.personal_sealed' and key_id = encode(substr(digest('k'), 1, 4), 'hex')), '1');
select refused('a value of another length', format($$ select xuqi.seal_replace('renewal_content.evidence_sealed', %L, sha256(evidence_sealed), 'short') from xuqi.renewal_content where renewal_no = %L $$, :'paid', :'paid'));
select same('stale ones come in order, so many at once', (select string_agg(row_key, ' ') from xuqi.seal_stale('renewal_content.evidence_sealed', '\x00000000', '', 2)),
            (select string_agg(renewal_no, ' ') from (select renewal_no from xuqi.renewal_content where length(evidence_sealed) > 0 order by 1 limit 2) as two));
select same('and go on after a row', (select count(*) from xuqi.seal_stale('renewal_content.evidence_sealed', '\x00000000', (select max(renewal_no) from xuqi.renewal_content), 2))::text, '0');
select refused('a place that is none', $$ select * from xuqi.seal_stale('nothing', '\x00', '', 1) $$, 'P0002');
