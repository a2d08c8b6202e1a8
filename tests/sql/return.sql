-- SPDX-License-Identifier: Apache-2.0
-- Returned for correction: what is named, what may change, what a reviewer approves afterwards, and who comes first.
set search_path = story;

create function story.effective(no text) returns text language sql as $$
    select concat_ws(' ', agent_name_masked, convert_from(personal_sealed, 'UTF8')) from xuqi.renewal_personal(no)
$$;
create function story.items(no text) returns text language sql as $$
    select string_agg(concat_ws(' ', round, name, reason_code, case when corrected then 'done' else 'open' end,
                                nullif(old_masked, ''), '>', nullif(new_masked, '')), ', ') from xuqi.return_list(no)
$$;
create function story.page(no text, kind text, content text default 'scan', number bigint default 1) returns text language sql as $$
    select outcome from xuqi.material_put(no, kind, number, 'application/pdf', length(content), digest(content),
                                          convert_to('sealed ' || content, 'UTF8'))
$$;

-- -- returning ---------------------------------------------------------------------------------------------------------
select renewal_in('awaiting_review', 'lee', 2) as no \gset
select hire('clerk', array['finance']) as clerk \gset
select same('nobody returns without being a reviewer', give_back('guest', :'no') || ' ' || give_back('clerk', :'no'), 'unauthenticated forbidden');
select same('nor without holding the case', give_back('ann', :'no'), 'case_not_claimed');
select claim('ann', :'no') as claimed \gset
select same('nor holding another''s', give_back('bob', :'no'), 'case_claimed');
select approve('ann', :'no') as first \gset
select same('nor after having approved it', give_back('ann', :'no'), 'reviewer_same');
select claim('bob', :'no') as claimed \gset
select same('nor another content than was seen', give_back('bob', :'no', hash => digest('other')), 'case_changed');
select same('nor one that does not exist', give_back('bob', '01000000000000000'), 'renewal_unknown');
select refused('a return that names nothing', format($$ select story.give_back('bob', %L, '{}') $$, :'no'));
select refused('a field that decides the price', format($$ select story.give_back('bob', %L, array['term_months']) $$, :'no'));
select refused('a reason that is none', format($$ select story.give_back('bob', %L, reason => 'mood') $$, :'no'));
select xuqi.renewal_content_hash(:'no') as seen \gset
select same('a return', give_back('bob', :'no', array['agent.mobile', 'agent.email']) || ' ' || status(:'no'), 'returned returned');
select same('again', give_back('bob', :'no', array['agent.mobile', 'agent.email'], :'seen'), 'returned');
select same('another one is too late', give_back('bob', :'no', array['agent.name'], :'seen'), 'renewal_state');
select same('approvals of before are void', (select count(*) filter (where voided_at is null) || ' of ' || count(*) from xuqi.approval where renewal_no = :'no')
            || ', ' || (select reviews_done from xuqi.renewal where renewal_no = :'no'), '0 of 1, 0');
select same('the payment stays', (select o.state || ' ' || coalesce((select amount_fen::text from xuqi.refund_due d where d.renewal_no = :'no'), 'none')
            from xuqi."order" o where renewal_no = :'no'), 'paid none');
select same('nobody holds it', (select coalesce(claimed_by::text, 'nobody') from xuqi.renewal where renewal_no = :'no'), 'nobody');
select same('the applicant is told', (select string_agg(dedup_key, ' ') from xuqi.outbox where event = 'returned'), :'no' || ':returned:1');
select same('and reads what is to be corrected', items(:'no'), '1 agent.email wrong open >, 1 agent.mobile wrong open >');
select same('in the message as well', (select returned from xuqi.message_facts(array[:'no'])), E'agent.email 请更正\nagent.mobile 请更正');
select same('it is neither approved nor claimed nor rejected', approve('bob', :'no') || ' ' || claim('ann', :'no') || ' ' ||
            (select outcome from xuqi.review_reject(token('bob'), :'no', 'a', 'b')), 'renewal_state renewal_state renewal_state');
select same('nor issued', begin_issue(:'no'), 'not_approved');
select same('nor cancelled without a refund', (select outcome from xuqi.renewal_cancel(:'no')), 'refund_asked');
select same('applying again answers it', (select outcome || ' ' || (renewal_no = :'no') || ' ' || status from submit('lee', 'lee again')), 'open true returned');
select same('another payment of it is surplus', (select outcome from xuqi.payment_settle('alipay', attempt_no, 'txn twice', 20000, now(), '', 'raw', 'key'))
            , 'surplus') from xuqi.payment_attempt a join xuqi."order" o using (order_no) where renewal_no = :'no';
select same('it is among what the reviewer has done', (select renewal_no from xuqi.review_list(token('bob'), 'done', '', 10)), :'no');

-- -- correcting --------------------------------------------------------------------------------------------------------
select same('with a nonce that nobody made', correct(:'no', make_nonce => false), 'nonce_unknown returned agent.email');
select nonce('short', 0) is not null as made \gset
select same('with an expired one', left(correct(:'no', nonce => 'short', make_nonce => false), 13), 'nonce_expired');
select same('with one that was used', left(correct(:'no', nonce => 'nonce lee', make_nonce => false), 10), 'nonce_used');
select same('with another key', left(correct(:'no', certificate => digest('other')), 15), 'signer_mismatch');
select same('of a renewal that does not exist', left(correct('01000000000000000', certificate => digest('x'), round => 1), 15), 'renewal_unknown');
select same('what was not named', left(correct(:'no', array['agent.mobile', 'agent.email', 'agent.name']), 21), 'correction_unexpected');
select same('only some of it', correct(:'no', array['agent.mobile']), 'correction_incomplete returned agent.email');
select same('upon another state', left(correct(:'no', array['agent.mobile', 'agent.email'], number => 1), 5)
            || ' ' || left(correct(:'no', array['agent.mobile', 'agent.email'], round => 0), 5), 'stale stale');
select same('all that leaves nothing', (select count(*)::text from xuqi.correction) || ' ' || status(:'no'), '0 returned');
select same('and its nonce is still good', (select (used_at is null)::text from xuqi.challenge where nonce_digest = digest('correct ' || :'no')), 'true');
select outcome as begins, named, number, round from xuqi.correction_begin(:'no', digest('certificate lee'), digest('x')) \gset
select same('what it is built upon', concat_ws(' ', :'begins', :'named', :'round', :'number'), 'ready agent.email agent.mobile 1 0');
select same('is told to its own key only', (select outcome from xuqi.correction_begin(:'no', digest('other'), digest('x')))
            || ' ' || (select outcome from xuqi.correction_begin('01000000000000000', digest('other'), digest('x'))), 'signer_mismatch renewal_unknown');
select same('everything that was named', correct(:'no', array['agent.mobile', 'agent.email']), 'corrected awaiting_review');
select same('again', correct(:'no', array['agent.mobile', 'agent.email']), 'corrected awaiting_review');
select same('which correction_begin tells as well', (select outcome || ' ' || status from xuqi.correction_begin(:'no', digest('certificate lee'),
            digest('correction ' || :'no'))), 'repeated awaiting_review');
select same('other bytes are too late', left(correct(:'no', array['agent.mobile'], nonce => 'late'), 13), 'renewal_state');
select same('there is one correction with two fields', (select count(*) from xuqi.correction) || ' ' || (select count(*) from xuqi.correction_field), '1 2');
select same('old and new side by side', items(:'no'), '1 agent.email wrong done old agent.email > new agent.email, 1 agent.mobile wrong done old agent.mobile > new agent.mobile');
select same('what was signed and shown stays', (select agent_name_masked || convert_from(personal_sealed, 'UTF8') from xuqi.renewal_content where renewal_no = :'no'), '张*sealed personal');
select same('everybody reads the correction: the desk', (select agent_name_masked || invoice_title from xuqi.review_case(token('ann'), :'no')), 'new*new title');
select same('everybody reads the correction: messages', (select convert_from(personal_sealed, 'UTF8') || (evidence_sha256 = digest('correction ' || :'no')) from xuqi.message_facts(array[:'no'])), 'sealed newtrue');
select same('everybody reads the correction: the form, which says so', (select convert_from(personal_sealed, 'UTF8') || ' ' || corrections from xuqi.application_form(:'no')), 'sealed new 1');
select same('one event says what', (select actor || ' ' || detail from xuqi.audit_event where action = 'renewal.correct'), 'applicant agent.mobile agent.email');

-- -- reviewed again ----------------------------------------------------------------------------------------------------
select same('it waits again, for everybody', (select renewal_no from xuqi.review_list(token('ann'), 'waiting', '', 10)), :'no');
select yes('its content is another', xuqi.renewal_content_hash(:'no') <> :'seen');
select claim('ann', :'no') as claimed \gset
select same('an approval of the old content is refused', (select outcome from xuqi.review_approve(token('ann'), :'no', :'seen')), 'case_changed');
select same('a second return', give_back('ann', :'no', array['agent.mobile']) || ' ' || status(:'no'), 'returned returned');
select same('is told as well, though the first was not sent yet', (select string_agg(dedup_key, ' ' order by id) from xuqi.outbox where event = 'returned'),
            :'no' || ':returned:1 ' || :'no' || ':returned:2');
select same('a correction built upon the first return', left(correct(:'no', nonce => 'old round', round => 1), 5), 'stale');
select same('its correction', correct(:'no', nonce => 'second', word => 'last'), 'corrected awaiting_review');
select same('the last one counts', effective(:'no'), 'last* sealed last');
select same('all returns are kept', (select count(distinct round) || ' ' || count(*) from xuqi.return_list(:'no')), '2 3');
select claim('ann', :'no') as c, approve('ann', :'no') as first \gset
select claim('bob', :'no') as c, approve('bob', :'no') as second \gset
select same('both who took part approve', :'first' || ' ' || :'second' || ' ' || status(:'no'), 'first_approval approved awaiting_install');
select same('and it is issued over that', issue(:'no'), 'recorded');
select books_right();

-- -- the hash covers every part of it ----------------------------------------------------------------------------------
select xuqi.renewal_content_hash(:'no') as hash \gset
begin;
set local session_replication_role = replica;
create function story.hash_after(no text, statement text) returns bytea language plpgsql as $$
declare
    answer bytea;
begin
    begin
        execute statement || format(' where renewal_no = %L', no);
        answer := xuqi.renewal_content_hash(no);
        raise exception 'undo' using errcode = 'P0001';
    exception when raise_exception then
        return answer;
    end;
end
$$;
select yes('the hash covers ' || place || '.' || name, hash_after(:'no', format('update xuqi.%I set %I = %s', place, name, value)) <> :'hash')
  from (select table_name as place, column_name as name,
               case data_type when 'text' then format('%I || %L', column_name, 'x') when 'bytea' then format('sha256(%I || ''x'')', column_name)
                              when 'ARRAY' then 'array[''changed'']' when 'bigint' then column_name || ' + 10' when 'boolean' then 'not ' || column_name
                              else quote_literal('2031-01-01') end as value
          from information_schema.columns
         where table_schema = 'xuqi' and table_name in ('return_item', 'correction', 'correction_field') and column_name <> 'renewal_no'
           -- these change with the keys; the digest of the evidence stands for them
           and not exists (select from xuqi.sealed_column as s
                            where s.table_name = columns.table_name and s.column_name = columns.column_name)
           and (table_name, column_name) not in (('return_item', 'name'), ('return_item', 'reason_code'), ('correction_field', 'name'))) as covered;
select yes('the hash covers return_item.name', hash_after(:'no', 'update xuqi.return_item set name = case name when ''agent.email'' then ''agent.name'' else name end') <> :'hash');
select yes('the hash covers return_item.reason_code', hash_after(:'no', 'update xuqi.return_item set reason_code = ''other''') <> :'hash');
select yes('the hash covers correction_field.name', hash_after(:'no', 'update xuqi.correction_field set name = case name when ''agent.email'' then ''agent.name'' else name end') <> :'hash');
select yes('the hash covers a correction that is gone', hash_after(:'no', 'delete from xuqi.correction') <> :'hash');
rollback;

-- -- documents ---------------------------------------------------------------------------------------------------------
select renewal_no as form from submit('form', 'form', materials => array['application_form']) \gset
select page(:'form', 'application_form', 'blurred') as put, page(:'form', 'application_form', 'second', 2) as second, (select outcome from xuqi.draft_submit(:'form')) as done \gset
select settle(attempt(:'form'), 'txn form') as paid, claim('ann', :'form') as claimed \gset
select same('documents and fields are returned together, also a kind that was not asked for',
            give_back('ann', :'form', array['agent.name', 'materials.application_form', 'materials.agent_id']), 'returned');
select same('the list says what is to be uploaded', (select string_agg(kind, ' ' order by kind) from xuqi.material_list(:'form') where page is null), 'agent_id application_form');
select same('a kind that was not named', page(:'form', 'business_licence') || ' ' || (select outcome from xuqi.material_remove(:'form', 'business_licence', 1)),
            'material_unexpected material_unexpected');
select refused('also for the owner of the database', format($$ insert into xuqi.material (renewal_no, kind, page, content_type, size, sha256, sealed)
    values (%L, 'business_licence', 1, 'image/png', 4, sha256('scan'), 'sealed scan') $$, :'form'));
select same('the fields first, since the form shows them', correct(:'form', array['agent.name']), 'kept returned materials.agent_id materials.application_form');
select same('which the form does', (select convert_from(personal_sealed, 'UTF8') from xuqi.application_form(:'form')), 'sealed new');
select same('nothing more without the documents', correct(:'form', '{}', nonce => 'nothing'), 'material_missing returned materials.agent_id materials.application_form');
select same('the same page again corrects nothing', page(:'form', 'application_form', 'blurred'), 'kept');
select same('another does', page(:'form', 'application_form', 'sharp') || ' ' || page(:'form', 'agent_id'), 'replaced created');
select same('it may be replaced once more', page(:'form', 'application_form', 'sharper'), 'replaced');
select same('the page that was seen is kept, once', (select string_agg(encode(sha256, 'hex'), ' ') from xuqi.material_replaced where renewal_no = :'form'), encode(digest('blurred'), 'hex'));
select same('a page too many is taken away', (select outcome from xuqi.material_remove(:'form', 'application_form', 2)), 'removed');
select same('and kept as well', (select count(*)::text from xuqi.material_replaced where renewal_no = :'form'), '2');
select same('then it is complete', correct(:'form', '{}', nonce => 'nothing'), 'corrected awaiting_review');
select same('and documents stay', page(:'form', 'application_form', 'forged') || ' ' || (select outcome from xuqi.material_remove(:'form', 'agent_id', 1)), 'renewal_state renewal_state');
select claim('bob', :'form') as claimed \gset
select same('returned for another document', give_back('bob', :'form', array['materials.agent_id']), 'returned');
select same('what was corrected before is closed', page(:'form', 'application_form', 'again'), 'material_unexpected');
select same('the document of the first return does not count', correct(:'form', '{}', nonce => 'lazy'), 'material_missing returned materials.agent_id');
select page(:'form', 'agent_id', 'new scan') as put \gset
select same('a new one does', correct(:'form', '{}', nonce => 'done'), 'corrected awaiting_review');
select same('the history says what became of each', items(:'form'), '1 agent.name wrong done old agent.name > new agent.name, 1 materials.agent_id wrong done >, '
            || '1 materials.application_form wrong done >, 2 materials.agent_id wrong done >');
select renewal_in('awaiting_review', 'many') as many, 0 as n \gset
select claim('ann', :'many') as claimed, give_back('ann', :'many', array['agent.name', 'materials.agent_id']) as given \gset
select same('twenty corrections may wait for a document', string_agg(distinct left(correct(:'many', array['agent.name'], nonce => 'many ' || n), 4), ' '), 'kept') from generate_series(1, 20) as n;
select same('no more', left(correct(:'many', array['agent.name'], nonce => 'many 21'), 12), 'rate_limited');
select page(:'many', 'agent_id') as put \gset
select same('but the one that completes it', correct(:'many', array['agent.name'], nonce => 'many 21', word => 'end'), 'corrected awaiting_review');
select same('of which the first old and the last new value are shown', items(:'many'), '1 agent.name wrong done old agent.name > end agent.name, 1 materials.agent_id wrong done >');
update xuqi.renewal set returns = 99 where renewal_no = :'many';
select claim('ann', :'many') as claimed \gset
select same('returns end at 99', give_back('ann', :'many'), 'rate_limited');

-- -- what belongs together ---------------------------------------------------------------------------------------------
select renewal_in('awaiting_review', 'pairs') as pairs \gset
select claim('ann', :'pairs') as claimed, give_back('ann', :'pairs', array['agent.id_type', 'recipient.mobile']) as given \gset
select same('the number with its type, a recipient who was never given as a whole', (select string_agg(name, ' ' order by name) from xuqi.return_item where renewal_no = :'pairs'),
            'agent.id_number agent.id_type recipient.address recipient.mobile recipient.name');
select renewal_in('awaiting_review', 'blocks') as blocks \gset
select claim('ann', :'blocks') as claimed, give_back('ann', :'blocks', array['legal_person.mobile', 'basic_account.bank_name']) as given \gset
select same('a block that was left empty is asked for as a whole', (select string_agg(name, ' ' order by name) from xuqi.return_item where renewal_no = :'blocks'),
            'basic_account.bank_code basic_account.bank_name basic_account.name basic_account.number legal_person.id_number legal_person.mobile legal_person.name');
select same('and corrected like any other', correct(:'blocks', array(select name from xuqi.return_item where renewal_no = :'blocks')), 'corrected awaiting_review');
select same('the desk sees the form as corrected', (select form_fields || ' ' || form_shown from xuqi.review_case(token('ann'), :'blocks')), 'agent.address new address');
select same('the same return again all the same', give_back('ann', :'pairs', array['agent.id_type', 'recipient.mobile'],
            (select content_hash from xuqi.renewal_return where renewal_no = :'pairs')), 'returned');
select outcome from xuqi.certificate_import('bad1', digest('certificate pairs'), 'certificate pairs', 'CN=pairs', '2026-01-01', '2027-01-01', null) \gset
select outcome from xuqi.certificate_revoke('bad1', 'keyCompromise') \gset
select same('a revoked key corrects nothing', left(correct(:'pairs', array['agent.id_type']), 19) || ' ' ||
            (select outcome from xuqi.correction_begin(:'pairs', digest('certificate pairs'), digest('x'))), 'certificate_revoked certificate_revoked');
select refused('a correction beside the procedures', format($$ insert into xuqi.correction select renewal_no, number + 50, round, now(), sha256('x'), evidence_sealed,
    personal_sealed, '', '', '', '', '', null, null, '', '' from xuqi.correction where renewal_no = %L limit 1 $$, :'no'));
select refused('a field that was not named, beside the procedures', format($$ insert into xuqi.correction_field values (%L, 1, 'agent.name', '', '', true) $$, :'no'));
select refused('changing ' || place, format('update xuqi.%I set renewal_no = renewal_no', place))
  from unnest(array['renewal_return', 'return_item', 'correction', 'correction_field', 'material_replaced']) as place;

-- -- reminded, never closed --------------------------------------------------------------------------------------------
select renewal_in('awaiting_review', 'slow') as slow \gset
select claim('ann', :'slow') as claimed, give_back('ann', :'slow') as given \gset
select same('within a week nobody is reminded', (select reminded::text from xuqi.housekeeping(86400)), '0');
create function story.week(no text) returns text language plpgsql as $$
begin
    update xuqi.renewal set remind_at = now() - interval '1 s' where renewal_no = no and remind_at is not null;
    return (select reminded || ' ' || closed from xuqi.housekeeping(86400));
end
$$;
select same('after a week he is, three times in all', week(:'slow') || ', ' || week(:'slow') || ', ' || week(:'slow') || ', ' || week(:'slow'), '1 0, 1 0, 1 0, 0 0');
select same('each reminder is a message of its own', (select string_agg(replace(dedup_key, :'slow', 'no'), ' ' order by id) from xuqi.outbox where event = 'reminder'),
            'no:reminder:1.1 no:reminder:1.2 no:reminder:1.3');
select same('then a person should call', (select string_agg(action, ' ' order by id) from xuqi.audit_event where object = :'slow' and actor = 'system' and action like 'renewal.%'),
            'renewal.remind renewal.remind renewal.overdue');
select same('what is paid is not closed', status(:'slow'), 'returned');
select same('and may still be corrected', correct(:'slow'), 'corrected awaiting_review');

-- -- who comes first ---------------------------------------------------------------------------------------------------
select count(hire(n)) as more from unnest(array['dan', 'eva']) as n \gset
select renewal_in('awaiting_review', 'contest') as contest \gset
select claim('ann', :'contest') as claimed, xuqi.renewal_content_hash(:'contest') as hash \gset
\set answers `race 20 "select case when %i % 2 = 0 then (select outcome from xuqi.review_approve(story.token('ann'), ':contest', ':hash'::bytea)) else story.give_back('ann', ':contest', array['agent.name'], ':hash'::bytea) end"`
select yes('returning and approving at once, one of them happens: ' || :'answers',
           case status(:'contest') when 'returned' then :'answers' = 'renewal_state=10 returned=10'
                                   else :'answers' ~ '^approved=10 (renewal_state|reviewer_same)=' end);
select same('exactly one', ((select count(*) from xuqi.approval where renewal_no = :'contest') + (select count(*) from xuqi.renewal_return where renewal_no = :'contest'))::text, '1');
select renewal_in('awaiting_review', 'double') as twice \gset
select claim('ann', :'twice') as claimed, give_back('ann', :'twice') as given \gset
\set answers `race 20 "select story.correct(':twice', make_nonce => true)"`
select same('a correction sent twenty times at once is one', :'answers' || ' ' || (select count(*) from xuqi.correction where renewal_no = :'twice'), 'corrected awaiting_review=20 1');
select claim('ann', :'twice') as claimed, give_back('ann', :'twice') as given \gset
\set answers `race 12 "select split_part(story.correct(':twice', nonce => 'rival %i', word => 'rival %i', number => 1), ' ', 1)"`
select same('of twelve different ones at once one is taken', :'answers' || ' ' || (select count(*) from xuqi.correction where renewal_no = :'twice'), 'corrected=1 renewal_state=11 2');
select same('and it is the one that counts', (select (effective(:'twice') ~ '^rival [0-9]+[*] sealed rival [0-9]+$')::text), 'true');
select renewal_in('awaiting_review', 'waits') as waits \gset
select claim('ann', :'waits') as claimed, give_back('ann', :'waits', array['agent.name', 'materials.agent_id']) as given \gset
\set answers `race 12 "select split_part(story.correct(':waits', array['agent.name'], nonce => 'waiting %i', number => 0), ' ', 1)"`
select same('of twelve that wait for a document one is taken, the others begin again', :'answers', 'kept=1 stale=11');
select page(:'waits', 'agent_id') as put \gset
\set answers `race 16 "select case when %i % 2 = 0 then split_part(story.correct(':waits', '{}', nonce => 'ends %i', number => 1), ' ', 1) else (select outcome from xuqi.material_put(':waits', 'agent_id', 1, 'image/png', 4, story.digest('scan %i'), convert_to('sealed scan %i', 'UTF8'))) end"`
select yes('uploading and completing at once lose nothing: ' || :'answers', :'answers' ~ 'corrected=1 renewal_state=[0-9]+' and status(:'waits') = 'awaiting_review');
-- The reviewer looks at the case, the applicant's correction comes, and then the approval.
select renewal_in('awaiting_review', 'late') as late \gset
select claim('ann', :'late') as claimed, xuqi.renewal_content_hash(:'late') as hash, give_back('ann', :'late') as given \gset
\set answers `race 20 "select case when %i % 2 = 0 then (select outcome from xuqi.review_approve(story.token('bob'), ':late', xuqi.renewal_content_hash(':late'))) else split_part(story.correct(':late'), ' ', 1) end"`
select yes('approving without looking and correcting at once: only the correction happens, got ' || :'answers',
           :'answers' ~ '^((case_changed|case_not_claimed|renewal_state)=[0-9]+ )*corrected=10( (case_changed|case_not_claimed|renewal_state)=[0-9]+)*$');
select claim('bob', :'late') as claimed \gset
select same('an approval of what was seen before the return is refused', (select outcome from xuqi.review_approve(token('bob'), :'late', :'hash')), 'case_changed');
select books_right();

-- -- one open renewal of an organisation, as many as the platform says --------------------------------------------------
create function story.open_of(org text) returns text language sql as $$
    select count(*)::text from xuqi.renewal where organisation = org and status not in ('completed', 'rejected', 'cancelled', 'closed')
$$;
\set answers `race 20 "select outcome from story.submit('one %i', 'one %i', organisation => 'guild of one', open_per_organisation => 1)"`
select same('of twenty certificates at once one is taken where one may be open', :'answers' || ' ' || open_of('guild of one'), 'created=1 organisation_limit=19 1');
\set answers `race 20 "select outcome from story.submit('three %i', 'three %i', organisation => 'guild of three', open_per_organisation => 3)"`
select same('and three where three may be', :'answers' || ' ' || open_of('guild of three'), 'created=3 organisation_limit=17 3');
select renewal_no as open, common_name as certificate from xuqi.renewal join xuqi.renewal_content using (renewal_no) where organisation = 'guild of one' \gset
\set answers `race 10 "select outcome from story.submit(':certificate', 'again %i', organisation => 'guild of one', open_per_organisation => 1)"`
select same('whoever has the open one is answered with it, however often', :'answers', 'open=10');
select settle(attempt(:'open'), 'txn guild') as paid, claim('ann', :'open') as claimed, give_back('ann', :'open') as given \gset
\set answers `race 10 "select outcome from story.submit(case when %i % 2 = 0 then ':certificate' else 'one more %i' end, 'returned %i', organisation => 'guild of one', open_per_organisation => 1)"`
select same('a returned one is open as well', :'answers' || ' ' || open_of('guild of one'), 'open=5 organisation_limit=5 1');
\set answers `race 10 "select case when %i % 2 = 0 then split_part(story.correct(':open'), ' ', 1) else (select outcome from story.submit('one late %i', 'late %i', organisation => 'guild of one', open_per_organisation => 1)) end"`
select same('and while it is corrected', :'answers' || ' ' || open_of('guild of one'), 'corrected=5 organisation_limit=5 1');
select claim('bob', :'open') as claimed, (select outcome from xuqi.review_reject(token('bob'), :'open', 'duplicate', 'x')) as rejected \gset
\set answers `race 10 "select outcome from story.submit('one next %i', 'next %i', organisation => 'guild of one', open_per_organisation => 1)"`
select same('once it has ended the next one is taken', :'answers' || ' ' || open_of('guild of one'), 'created=1 organisation_limit=9 1');
select books_right();
