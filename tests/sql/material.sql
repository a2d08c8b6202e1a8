-- SPDX-License-Identifier: Apache-2.0
-- Documents: what a draft waits for, what may change until when, and who has looked.
set search_path = story;

create function story.put(no text, kind text default 'application_form', page bigint default 1, content text default 'scan')
returns text language sql as $$
    select outcome from xuqi.material_put(no, kind, page, 'application/pdf', length(content), digest(content),
                                          convert_to('sealed ' || content, 'UTF8'))
$$;
create function story.remove(no text, kind text default 'application_form', page bigint default 1) returns text
language sql as $$ select outcome from xuqi.material_remove(no, kind, page) $$;
create function story.pages(no text) returns text language sql as $$
    select string_agg(coalesce(kind || ' ' || page || ' ' || size, 'no ' || kind), ', ') from xuqi.material_list(no)
$$;
create function story.complete(no text) returns text language sql as $$
    select concat_ws(' ', outcome, status, nullif(missing, '')) from xuqi.draft_submit(no)
$$;

select outcome, renewal_no as no, status as begins
  from submit('expired', 'expired', materials => array['application_form', 'business_licence']) \gset
select same('what asks for documents begins as a draft', :'outcome' || ' ' || :'begins', 'created draft');
select same('of which nobody is told', (select count(*) from xuqi.outbox where renewal_no = :'no')::text, '0');
select same('it is not paid', (select outcome from xuqi.payment_open(:'no', 'alipay', 1800)), 'renewal_state');
select same('nor submitted', complete(:'no'), 'material_missing draft application_form business_licence');
select same('its list names what is missing', pages(:'no'), 'no application_form, no business_licence');
select xuqi.renewal_content_hash(:'no') as bare \gset

select same('a page', put(:'no'), 'created');
select same('the same again', put(:'no'), 'kept');
select same('another in its place', put(:'no', content => 'better scan'), 'replaced');
select same('a second page', put(:'no', page => 2), 'created');
select same('which is on the audit trail', (select string_agg(detail, ', ' order by id) from xuqi.audit_event
    where action = 'material.put' and object = :'no'), 'application_form 1 ' || encode(digest('scan'), 'hex') || ', application_form 1 '
    || encode(digest('better scan'), 'hex') || ', application_form 2 ' || encode(digest('scan'), 'hex'));
select same('the list', pages(:'no'), 'application_form 1 11, application_form 2 4, no business_licence');
select yes('documents are part of what is approved', xuqi.renewal_content_hash(:'no') <> :'bare');
select same('a kind that is not asked for', put(:'no', kind => 'agent_id'), 'material_unexpected');
select same('nor is one that does not exist', put(:'no', kind => 'passport'), 'material_unexpected');
select same('an unknown renewal', put('01000000000000000') || ' ' || remove('01000000000000000') || ' ' || complete('01000000000000000'),
            'renewal_unknown renewal_unknown renewal_unknown');
select refused('page 0', format($$ select story.put(%L, page => 0) $$, :'no'));
select refused('page 11', format($$ select story.put(%L, page => 11) $$, :'no'));
select refused('a document that was not sealed', format($$ select xuqi.material_put(%L, 'application_form', 3, 'application/pdf', 4, sha256('scan'), 'scan') $$, :'no'));
select refused('another content type', format($$ select xuqi.material_put(%L, 'application_form', 3, 'text/html', 4, sha256('scan'), 'sealed scan') $$, :'no'));
select same('taking a page away', remove(:'no', page => 2), 'removed');
select same('again', remove(:'no', page => 2), 'material_unknown');
select same('one kind is still missing', complete(:'no'), 'material_missing draft business_licence');
select put(:'no', kind => 'business_licence') as licence \gset

update xuqi.renewal set unpaid_close_at = now() + interval '1 day', submitted_at = submitted_at where renewal_no = :'no';
select same('complete', complete(:'no'), 'submitted awaiting_payment');
select same('again', complete(:'no'), 'submitted awaiting_payment');
select same('the applicant is told once', (select string_agg(event, ' ') from xuqi.outbox where renewal_no = :'no'), 'submitted');
select same('and may pay', (select outcome from xuqi.payment_open(:'no', 'alipay', 1800)), 'opened');
select same('now documents stay', put(:'no', content => 'forged') || ' ' || remove(:'no'), 'renewal_state renewal_state');
select refused('also for the owner of the database', format($$ update xuqi.material set sha256 = sha256('forged') where renewal_no = %L $$, :'no'));
select refused('nor are they taken away', format($$ delete from xuqi.material where renewal_no = %L $$, :'no'));
select refused('nor is less asked for afterwards', format($$ update xuqi.renewal set required_materials = '{}' where renewal_no = %L $$, :'no'));

select hire('ann') as ann \gset
select hire('clerk', array['finance']) as clerk \gset
create function story.look(name text, no text, kind text default 'application_form', page bigint default 1) returns text
language sql as $$
    select concat_ws(' ', outcome, content_type, convert_from(sealed, 'UTF8')) from xuqi.review_material(token(name), no, kind, page)
$$;
select same('a guest sees no document', look('guest', :'no'), 'unauthenticated');
select same('nor does a clerk', look('clerk', :'no'), 'forbidden');
select same('a reviewer does', look('ann', :'no'), 'ok application/pdf sealed better scan');
select same('which is on the audit trail', (select string_agg(actor || ' ' || object || ' ' || detail, ', ') from xuqi.audit_event
    where action = 'material.view'), 'staff:ann ' || :'no' || ' application_form 1');
select same('a page that is not there', look('ann', :'no', page => 2) || ' ' || look('ann', '01000000000000000'), 'material_unknown renewal_unknown');

select same('the form''s facts', (select concat_ws(' ', outcome, subject, amount_fen, corrections, platform_version = (select platform_version from xuqi.renewal where renewal_no = :'no')) from xuqi.application_form(:'no')), 'ok CN=expired 20000 0 t');
select same('making a form is on the audit trail', (select count(*) from xuqi.audit_event where action = 'application_form.make' and object = :'no')::text, '1');
select same('no form of an unknown renewal', (select outcome from xuqi.application_form('01000000000000000')), 'renewal_unknown');

select same('the rest of the way', settle(attempt(:'no'), 'txn expired') || ' ' || claim('ann', :'no') || ' ' || approve('ann', :'no'), 'settled claimed approved');
select same('a renewal without documents is no draft', (select status from submit('plain', 'plain')), 'awaiting_payment');
select same('and is not submitted again', (select complete(renewal_no) from submit('plain', 'plain')), 'renewal_state awaiting_payment');
select renewal_no as late from submit('late', 'late', materials => array['application_form']) \gset
update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where renewal_no = :'late';
select closed from xuqi.housekeeping(0) \gset
select same('a draft that nobody completes is closed', status(:'late'), 'closed');
select same('and takes no document', put(:'late'), 'renewal_state');
\set answers `race 12 "select story.put((select renewal_no from story.submit('racer', 'race %i', materials => array['application_form'])))"`
select same('of 12 equal uploads at once one is created', :'answers', 'created=1 kept=11');
select books_right();
