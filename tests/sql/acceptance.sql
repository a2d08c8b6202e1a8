-- SPDX-License-Identifier: Apache-2.0
-- What was accepted is kept word for word, and looking at personal data leaves a trace.
set search_path = story;

create function story.hash(text) returns text language sql immutable as $$ select encode(sha256(convert_to($1, 'UTF8')), 'hex') $$;
create function story.publish(kind text, version text, content text, id text default 'text', claimed text default null) returns text
language sql as $$ select outcome from xuqi.agreement_publish(kind, id, version, 'title', coalesce(claimed, story.hash(content)), content) $$;

select same('a text is published', publish('agreement', '1', '协议'), 'published');
select same('and known the second time', publish('agreement', '1', '协议'), 'known');
select same('another text under its version is refused', publish('agreement', '1', '协议。'), 'agreement_text_changed');
select same('which leaves the first', (select text from xuqi.agreement_text where id = 'text' and kind = 'agreement'), '协议');
select same('a new version takes it', publish('agreement', '2', '协议。'), 'published');
select same('the same version of another kind is another text', publish('privacy_notice', '1', '告知'), 'published');
select same('the consent is kept alike', publish('sensitive_consent', '1', '同意'), 'published');
select refused('a digest of another text', $$ select story.publish('agreement', '3', '协议', claimed => story.hash('x')) $$);
select refused('a kind that is none', $$ select story.publish('poem', '1', 'x') $$);
select refused('changing a text that was published', $$ update xuqi.agreement_text set text = 'x' $$);
select refused('removing one', $$ delete from xuqi.agreement_text $$);
select same('publication is on the audit trail', (select string_agg(object, ', ' order by id) from xuqi.audit_event where action = 'agreement.publish'),
            'agreement text 1, agreement text 2, privacy_notice text 1, sensitive_consent text 1');
\set race `race 8 "select outcome from xuqi.agreement_publish('agreement', 'raced', '1', 't', encode(sha256('x'), 'hex'), 'x')"`
select same('of eight at once one publishes', :'race', 'known=7 published=1');

select renewal_no as no from submit('lee', 'first') \gset
create function story.keep(no text, kind text, version text, content text) returns void language sql as $$
    select xuqi.acceptance_keep(no, array[kind], array['text'], array[version], array[story.hash(content)], '198.51.100.7', story.digest('evidence first')) $$;
select keep(:'no', 'agreement', '1', '协议'), keep(:'no', 'privacy_notice', '1', '告知') \gset
select same('each accepted text is a row with address and evidence', (select string_agg(kind || ' ' || client_address || ' ' || (evidence_sha256 = digest('evidence first')), ', ' order by kind)
    from xuqi.acceptance where renewal_no = :'no'), 'agreement 198.51.100.7 true, privacy_notice 198.51.100.7 true');
select same('and its words are found by it', (select t.text from xuqi.acceptance a join xuqi.agreement_text t using (kind, id, version, sha256)
    where renewal_no = :'no' and a.kind = 'privacy_notice'), '告知');
select refused('a text that was never published', format($$ select story.keep(%L, 'sensitive_consent', '9', '同意') $$, :'no'), '23503');
select refused('another text under a published version', format($$ select story.keep(%L, 'sensitive_consent', '1', '不同意') $$, :'no'), '23503');
select refused('accepting twice', format($$ select story.keep(%L, 'agreement', '2', '协议。') $$, :'no'), '23505');
select refused('changing an acceptance', $$ update xuqi.acceptance set client_address = 'x' $$);
select refused('removing one', $$ delete from xuqi.acceptance $$);
select refused('a digest that is none', format($$ insert into xuqi.acceptance values (%L, 'sensitive_consent', 'text', '1', story.hash('同意'), now(), '', 'x') $$, :'no'));

-- unmasking
create function story.unmask(name text, no text, reason text default '核对证件照片', per_day bigint default 3, fields text[] default array['agent.id_number'])
returns text language sql as $$ select concat_ws(' ', outcome, convert_from(personal_sealed, 'UTF8')) from xuqi.review_unmask(token(name), no, fields, reason, per_day) $$;
select renewal_in('awaiting_review', 'wang') as case_no \gset
select hire('carol', array['finance']) \gset
select same('nobody unmasks without a session', unmask('nobody', :'case_no'), 'unauthenticated');
select same('finance does not', unmask('carol', :'case_no'), 'forbidden');
select same('a case that is none', unmask('ann', '0120260101000000'), 'renewal_unknown');
select same('who does not hold the case does not', unmask('ann', :'case_no'), 'case_not_claimed');
select claim('ann', :'case_no') \gset
select same('nor who watches another hold it', unmask('bob', :'case_no'), 'case_not_claimed');
select same('none of this is written down as a look', (select count(*) from xuqi.unmasking)::text, '0');
select same('who holds it does', unmask('ann', :'case_no', fields => array['agent.id_number', 'recipient.mobile']), 'ok sealed personal');
select same('fields and reason are on the audit trail', (select actor || ' ' || said(detail) from xuqi.audit_event where action = 'personal.unmask'),
            'staff:ann agent.id_number recipient.mobile: 核对证件照片');
select same('each look counts', unmask('ann', :'case_no') || unmask('ann', :'case_no'), 'ok sealed personalok sealed personal');
select same('until the day''s number is reached', unmask('ann', :'case_no'), 'unmasking_limit');
select same('which writes nothing', (select count(*) from xuqi.unmasking)::text, '3');
select refused('a field that is not on the list', format($$ select story.unmask('ann', %L, per_day => 9, fields => array['agent.shoe_size']) $$, :'case_no'));
select refused('no field', format($$ select story.unmask('ann', %L, per_day => 9, fields => '{}') $$, :'case_no'));
select refused('no reason', format($$ select story.unmask('ann', %L, '好', 9) $$, :'case_no'));
select refused('forgetting a look', $$ delete from xuqi.unmasking $$);
\set race `race 8 "select outcome from xuqi.review_unmask(story.token('ann'), (select renewal_no from xuqi.renewal where subject = 'CN=wang'), array['agent.name'], 'eight at once', 5)"`
select same('of eight at once only the day''s rest are answered', :'race', 'ok=2 unmasking_limit=6');
alter table xuqi.unmasking disable trigger kept;
update xuqi.unmasking set at = now() - interval '1 day';
alter table xuqi.unmasking enable trigger kept;
select same('a new day begins at zero', unmask('ann', :'case_no'), 'ok sealed personal');
update xuqi.renewal set claimed_until = now() - interval '1 s' where renewal_no = :'case_no';
select same('a claim that ran out opens nothing', unmask('ann', :'case_no'), 'case_not_claimed');
