-- SPDX-License-Identifier: Apache-2.0
-- Identity: the telephone's link and photos, liveness and telecom checks, what a draft waits for and a reviewer approves.
set search_path = story;

create function story.link(no text, word text, daily bigint default 20) returns text
language sql as $$ select outcome from xuqi.phone_link_create(no, digest(word), 600, daily) $$;
create function story.open(word text, device text default 'phone') returns text
language sql as $$ select outcome from xuqi.phone_link_open(digest(word), digest(device), 600) $$;
create function story.asked(word text, device text default 'phone') returns text language sql as $$
    select concat_ws(' ', outcome, renewal_no, case when has_front then 'front' end, case when has_back then 'back' end,
                     case when asks_liveness then 'liveness' end, case when finished then 'finished' end)
      from xuqi.phone_link_get(digest(word), digest(device))
$$;
create function story.photo(word text, no text, kind text, content text default 'photo', device text default 'phone', type text default 'image/jpeg')
returns text language sql as $$
    select outcome from xuqi.phone_photo_put(digest(word), digest(device), no, kind, type, length(content), digest(content), convert_to('sealed ' || content, 'UTF8'))
$$;
create function story.finish(word text, device text default 'phone') returns text language sql as $$
    select concat_ws(' ', outcome, nullif(missing, '')) from xuqi.phone_link_finish(digest(word), digest(device))
$$;
create function story.steps(no text) returns text language sql as $$
    select string_agg(split_part(line, ' ', 1) || ' ' || split_part(line, ' ', 2) || ' ' || split_part(line, ' ', 3), ', ')
      from string_to_table((select identity_steps from xuqi.renewal_progress(no)), E'\n') as line
$$;
create function story.complete(no text) returns text language sql as $$
    select concat_ws(' ', outcome, status, nullif(missing, '')) from xuqi.draft_submit(no)
$$;
create function story.face(no text, provider text default 'tencent', daily bigint default 5) returns text
language sql as $$ select outcome from xuqi.liveness_begin(no, provider, daily) $$;
create function story.last(no text, kind text default 'liveness') returns bigint
language sql as $$ select max(id) from xuqi.identity_check as c where c.renewal_no = no and c.kind = last.kind $$;
create function story.opened(no text, word text, valid interval default '2 hours') returns text language sql as $$
    select outcome from xuqi.liveness_open(last(no), digest(word), 'sealed token', 'sealed url', now() + valid)
$$;
-- Time passes for what is looked at.
create function story.due(no text) returns text language plpgsql as $$
begin
    update xuqi.identity_check set next_look_at = clock_timestamp() - interval '1 s' where renewal_no = no and state = 'open';
    return (select string_agg(kind || ' ' || looks, ', ') from xuqi.identity_lease(10, 30) where renewal_no = no);
end
$$;
create function story.says(no text, result text, reason text default '', kind text default 'liveness', failures bigint default 3, lease bigint default null)
returns text language sql as $$
    select outcome from xuqi.identity_decide(last(no, kind), coalesce(lease, (select lease_token from xuqi.identity_check where id = last(no, says.kind))),
                                             'tencent', result, reason, 9871, 'request', 'sealed answer', failures)
$$;
create function story.checks(no text, kind text default 'liveness') returns text language sql as $$
    select string_agg(concat_ws(' ', provider, result, nullif(reason, '')), ', ') from xuqi.identity_list(no) as l where l.kind = checks.kind
$$;

select outcome, renewal_no as no, status as begins from submit('web', 'web', steps => array['id_photos', 'liveness', 'telecom']) \gset
select same('what asks for identity steps begins as a draft', :'outcome' || ' ' || :'begins', 'created draft');
select same('the telecom check begins by itself', steps(:'no'), 'id_photos todo -, liveness todo -, telecom open -');
select same('the draft names what is missing', complete(:'no'), 'identity_missing draft identity.id_photos identity.liveness identity.telecom');
select refused('the steps are frozen', format($$ update xuqi.renewal set required_identity_steps = '{}' where renewal_no = %L $$, :'no'));
select same('a renewal without steps has none', steps((submit('plain', 'plain')).renewal_no), null);
select renewal_no as plain from submit('plain', 'plain') \gset

-- The telephone.
select same('a link', link(:'no', 'one'), 'created');
select same('the page sees that it waits', steps(:'no'), 'id_photos link -, liveness todo -, telecom open -');
select same('no link for what asks for no photos', link(:'plain', 'plain link'), 'identity_unexpected');
select same('nor for nothing', link('01000000000000000', 'none'), 'renewal_unknown');
select same('nobody looks before it is opened', asked('one'), 'phone_link_invalid');
select same('or puts a photo', photo('one', :'no', 'id_photo_front'), 'phone_link_invalid');
select same('a wrong link opens nothing', open('wrong'), 'phone_link_invalid');
select same('a telephone opens it', open('one'), 'ok');
select same('and again', open('one'), 'ok');
select same('another does not', open('one', 'other') || ' ' || asked('one', 'other') || ' ' || photo('one', :'no', 'id_photo_front', device => 'other') || ' ' || finish('one', 'other'),
            'phone_link_used phone_link_used phone_link_used phone_link_used');
select same('the page sees the telephone', steps(:'no'), 'id_photos phone -, liveness todo -, telecom open -');
select same('what is asked', asked('one'), 'ok ' || :'no' || ' liveness');
select same('not finished without photos', finish('one'), 'material_missing id_photo_front id_photo_back');
select same('the front', photo('one', :'no', 'id_photo_front'), 'created');
select same('the same again', photo('one', :'no', 'id_photo_front'), 'kept');
select same('a better one', photo('one', :'no', 'id_photo_front', 'better'), 'replaced');
select same('no other material through a telephone', photo('one', :'no', 'application_form'), 'material_unexpected');
select same('no document', photo('one', :'no', 'id_photo_back', type => 'application/pdf'), 'material_unexpected');
select same('nor for another renewal', photo('one', :'plain', 'id_photo_back'), 'phone_link_invalid');
select same('a newer link', link(:'no', 'two'), 'created');
select same('ends the older', open('one') || ' ' || asked('one') || ' ' || photo('one', :'no', 'id_photo_back') || ' ' || finish('one'),
            'phone_link_over phone_link_over phone_link_over phone_link_over');
select same('the second telephone', open('two', 'second') || ' ' || photo('two', :'no', 'id_photo_back', device => 'second') || ' ' || asked('two', 'second'), 'ok created ok ' || :'no' || ' front back liveness');
select same('finishes', finish('two', 'second') || ' ' || finish('two', 'second'), 'finished finished');
select same('and may look, but change nothing', asked('two', 'second') || ', ' || photo('two', :'no', 'id_photo_back', 'later', 'second'), 'ok ' || :'no' || ' front back liveness finished, phone_link_over');
select same('the page sees the photos', steps(:'no'), 'id_photos passed -, liveness todo -, telecom open -');
select same('a photo is removed on the page', (select outcome from xuqi.material_remove(:'no', 'id_photo_back', 1)) || ' ' || steps(:'no'), 'removed id_photos todo -, liveness todo -, telecom open -');
select same('and put there as well', (select outcome from xuqi.material_put(:'no', 'id_photo_back', 1, 'image/png', 4, digest('back'), 'sealed back')), 'created');
select same('but not as a second page', (select outcome from xuqi.material_put(:'no', 'id_photo_back', 2, 'image/png', 4, digest('back'), 'sealed back')), 'material_unexpected');
select same('most of a day', link(:'no', 'three', 2), 'rate_limited');
select same('a link', link(:'no', 'four'), 'created');
update xuqi.phone_link set created_at = now() - interval '1 hour', expires_at = now() - interval '1 s' where token_digest = digest('four');
select same('expires', open('four') || ' ' || steps(:'no'), 'phone_link_expired id_photos passed -, liveness todo -, telecom open -');
select same('also under the hand', link(:'no', 'five') || ' ' || open('five'), 'created ok');
update xuqi.phone_link set created_at = now() - interval '1 hour', expires_at = now() - interval '1 s' where token_digest = digest('five');
select same('as it says', photo('five', :'no', 'id_photo_front', 'late') || ' ' || asked('five') || ' ' || finish('five'), 'phone_link_expired phone_link_expired phone_link_expired');
select same('tokens are kept as digests only', (select string_agg(column_name, ' ') from information_schema.columns where table_schema = 'xuqi' and table_name = 'phone_link' and column_name ~ 'token|device'), 'token_digest device_digest');
select link(:'no', 'race') as raced \gset
\set answers `race 12 "select story.open('race', 'phone %i')"`
select same('of 12 telephones at once one is let in', :'answers', 'ok=1 phone_link_used=11');

-- Telecom: due at once, mismatch, again, limits.
select same('it is due', due(:'no'), 'telecom 1');
select same('leased once', (select count(*)::text from xuqi.identity_lease(10, 30)), '0');
select same('a worker that slept', says(:'no', 'passed', '', 'telecom', lease => 0), 'stale');
select same('busy: later', (select outcome from xuqi.identity_again(last(:'no', 'telecom'), 1, 60)), 'waiting');
select same('a mismatch', due(:'no') || ' ' || says(:'no', 'failed', 'phone_id_mismatch', 'telecom'), 'telecom 2 decided');
select same('the page sees why', steps(:'no'), 'id_photos passed -, liveness todo -, telecom failed phone_id_mismatch');
select same('decided twice', says(:'no', 'passed', '', 'telecom'), 'stale');
select same('asked again', (select outcome from xuqi.telecom_begin(:'no', 'tencent', 5)) || ' ' || (select outcome from xuqi.telecom_begin(:'no', 'tencent', 5)), 'asked live');
select same('it matches', due(:'no') || ' ' || says(:'no', 'passed', '', 'telecom'), 'telecom 1 decided');
select same('and is not asked any more', (select outcome from xuqi.telecom_begin(:'no', 'tencent', 5)), 'passed');
select refused('a verdict does not change', format($$ update xuqi.identity_check set state = 'failed', reason = 'x' where id = %s $$, last(:'no', 'telecom')));
select refused('nor does it go', $$ delete from xuqi.identity_check $$);

-- Liveness.
select same('asked of the provider', face(:'no'), 'asked');
select same('once at a time', face(:'no'), 'busy');
select same('opened', opened(:'no', 'biz') || ' ' || opened(:'no', 'biz'), 'opened stale');
select same('asking again gets the one that is open', (select outcome || ' ' || convert_from(url_sealed, 'UTF8') from xuqi.liveness_begin(:'no', 'tencent', 5)), 'live sealed url');
select same('the page sees it', steps(:'no'), 'id_photos passed -, liveness open -, telecom passed -');
select same('who comes back hurries it', (select outcome from xuqi.identity_hurry(digest('biz'))) || ' ' || (select outcome from xuqi.identity_hurry(digest('forged'))), 'hurried unknown');
select same('which decides nothing', steps(:'no'), 'id_photos passed -, liveness open -, telecom passed -');
select same('it is looked at at once', (select string_agg(kind || ' ' || convert_from(token_sealed, 'UTF8'), '') from xuqi.identity_lease(10, 30)), 'liveness sealed token');
select same('another face', says(:'no', 'failed', 'face_mismatch'), 'decided');
select same('what was open is forgotten', (select string_agg(distinct coalesce(url_sealed::text, '-') || coalesce(token_sealed::text, '-'), '') from xuqi.identity_check where renewal_no = :'no' and decided_at is not null), '--');
select same('a second try', face(:'no') || ' ' || opened(:'no', 'biz 2') || ' ' || due(:'no') || ' ' || says(:'no', 'failed', 'liveness_failed'), 'asked opened liveness 1 decided');
select same('the provider is silent', face(:'no') || ' ' || (select outcome from xuqi.identity_void(last(:'no'), 'unknown')) || ' ' || steps(:'no'),
            'asked voided id_photos passed -, liveness todo unknown, telecom passed -');
select same('it was not reached', face(:'no') || ' ' || (select outcome from xuqi.identity_void(last(:'no'), 'unreachable')), 'asked voided');
select same('which counts for no day', face(:'no', daily => 4) || ' ' || face(:'no'), 'asked busy');
update xuqi.identity_check set asked_at = now() - interval '2 minutes' where id = last(:'no');
select same('what nobody answered for a minute', face(:'no'), 'asked');
select same('is void', (select reason from xuqi.identity_check where renewal_no = :'no' and kind = 'liveness' order by id desc offset 1 limit 1), 'unknown');
select same('a day has its end', (select outcome from xuqi.identity_void(last(:'no'), 'unknown')) || ' ' || face(:'no', daily => 5), 'voided identity_daily');
select same('and a token', face(:'no', daily => 50) || ' ' || opened(:'no', 'biz 3', '-1 s') || ' ' || face(:'no', daily => 50), 'asked opened asked');
select same('the third failure', opened(:'no', 'biz 4') || ' ' || due(:'no') || ' ' || says(:'no', 'failed', 'face_mismatch'), 'opened liveness 1 decided');
select same('leaves it to the reviewer', steps(:'no') || ' ' || face(:'no'), 'id_photos passed -, liveness manual attempts, telecom passed - manual');
select same('who sees all of it', checks(:'no'), 'tencent failed face_mismatch, tencent failed liveness_failed, tencent failed face_mismatch, none manual attempts');
select xuqi.renewal_content_hash(:'no') as hash \gset
select same('complete', complete(:'no') || ' ' || complete(:'no'), 'submitted awaiting_payment submitted awaiting_payment');
select same('ends the telephone''s link', (select count(*)::text from xuqi.phone_link where renewal_no = :'no' and ended_at is null), '0');
select same('afterwards nothing is asked', face(:'no') || ' ' || (select outcome from xuqi.telecom_begin(:'no', 'tencent', 5)) || ' ' || link(:'no', 'late'), 'renewal_state renewal_state renewal_state');
select refused('or decided', format($$ insert into xuqi.identity_check (renewal_no, kind, state, provider, decided_at) values (%L, 'liveness', 'passed', 'forged', now()) $$, :'no'));

-- What comes late is no part of it.
select renewal_no as late from submit('late', 'late', steps => array['liveness']) \gset
select same('a draft', face(:'late') || ' ' || opened(:'late', 'biz late'), 'asked opened');
select xuqi.renewal_content_hash(:'late') as before \gset
update xuqi.identity_check set next_look_at = now() where id = last(:'late');
select count(*) as leased from xuqi.identity_lease(10, 30) \gset
select (select outcome from xuqi.renewal_cancel(:'late')) as cancelled \gset
select same('that is cancelled meanwhile', :'cancelled' || ' ' || says(:'late', 'passed') || ' ' || coalesce(checks(:'late'), 'none'), 'cancelled decided none');
select yes('keeps its hash', xuqi.renewal_content_hash(:'late') = :'before');

-- The approval covers checks and photos.
select renewal_no as hashed from submit('hashed', 'hashed', steps => array['telecom', 'id_photos']) \gset
select xuqi.renewal_content_hash(:'hashed') as h0 \gset
select same('a check', due(:'hashed') || ' ' || says(:'hashed', 'manual', 'no_record', 'telecom'), 'telecom 1 decided');
select xuqi.renewal_content_hash(:'hashed') as h1 \gset
select yes('is part of what is approved', :'h1' <> :'h0');
select (xuqi.material_put(:'hashed', 'id_photo_front', 1, 'image/png', 4, digest('f'), 'sealed f')) as f, (xuqi.material_put(:'hashed', 'id_photo_back', 1, 'image/png', 4, digest('b'), 'sealed b')) as b \gset
select yes('and so are photos', xuqi.renewal_content_hash(:'hashed') <> :'h1');
select hire('ann') as ann \gset
select same('all the way', complete(:'hashed') || ' ' || settle(attempt(:'hashed'), 'txn hashed') || ' ' || claim('ann', :'hashed') || ' ' || approve('ann', :'hashed'), 'submitted awaiting_payment settled claimed approved');

-- Without a provider.
select renewal_no as alone from submit('alone', 'alone', steps => array['liveness', 'telecom']) \gset
select same('the reviewer judges', face(:'alone', '') || ' ' || face(:'alone', '') || ' ' || steps(:'alone'), 'manual manual liveness manual provider_off, telecom open -');
select same('also the telephone number', due(:'alone') || ' ' || says(:'alone', 'manual', 'provider_off', 'telecom') || ' ' || complete(:'alone'), 'telecom 1 decided submitted awaiting_payment');
select same('an identity document', face((select renewal_no from submit('passport', 'passport', steps => array['liveness']))), 'asked');
select same('that the provider does not know', (select outcome from xuqi.identity_manual((select max(id) from xuqi.identity_check), 'id_type')) || ' ' || (select outcome from xuqi.identity_manual((select max(id) from xuqi.identity_check), 'id_type')), 'manual stale');
select renewal_no as racer from submit('racer', 'racer', steps => array['liveness']) \gset
\set answers `race 12 "select story.face((select renewal_no from xuqi.renewal where subject = 'CN=racer'))"`
select same('of 12 askings at once one asks', :'answers', 'asked=1 busy=11');

-- A verdict belongs to the person it was made about.
create function story.back(word text, names text[]) returns text language plpgsql as $$
declare
    no text := (select renewal_no from submit(word, word, steps => array['liveness', 'telecom']));
begin
    perform face(no), opened(no, 'biz ' || word), due(no), says(no, 'passed'), says(no, 'passed', '', 'telecom'), complete(no);
    perform settle(attempt(no), 'txn ' || word), claim('ann', no);
    if (select give_back('ann', no, names)) <> 'returned' then
        raise 'not returned';
    end if;
    return no;
end
$$;
create function story.persons(no text) returns text language sql as $$
    select string_agg(concat_ws(' ', kind, result, agent_name_masked, case when stands then 'stands' else 'gone' end), ', ') from xuqi.identity_list(no)
$$;
create function story.insists(no text, names text[]) returns text language plpgsql as $$
begin
    perform xuqi.challenge_create(digest('insists ' || no), 300);
    return (select concat_ws(' ', outcome, status, nullif(missing, '')) from xuqi.correction_submit(digest('insists ' || no), no,
        (select certificate_fingerprint from xuqi.renewal where renewal_no = no), digest('insists ' || no), 'sealed correction', 1, 0, names, names, names,
        array_fill(0::bigint, array[cardinality(names)]), 'sealed personal', '张*', '440***', '138****8000', '', '', null, null, null, null, '{}', '{}', 'title', 'tax id'));
end
$$;
select back('email', array['agent.email']) as email \gset
select same('who corrects another field is the same person', correct(:'email', array['agent.email']) || ', ' || persons(:'email'), 'corrected awaiting_review, telecom passed 张* stands, liveness passed 张* stands');
select back('same', array['agent.mobile']) as same \gset
select same('and so is who insists on what he said', insists(:'same', array['agent.mobile']) || ', ' || persons(:'same'), 'corrected awaiting_review, telecom passed 张* stands, liveness passed 张* stands');
select same('correcting ' || field || ' makes another', correct(back(field, array[field]), array_append(case field when 'agent.id_type' then array['agent.id_number'] else '{}'::text[] end, field)),
            'kept returned identity.liveness identity.telecom') from unnest(array['agent.name', 'agent.id_number', 'agent.id_type']) as field;
select back('swap', array['agent.mobile', 'materials.agent_id']) as swap \gset
select xuqi.renewal_content_hash(:'swap') as seen \gset
select same('his checks are to be made again, the telecom check by itself', correct(:'swap', word => 'first') || ', ' || steps(:'swap'),
            'kept returned materials.agent_id identity.liveness identity.telecom, liveness todo corrected, telecom open -');
select same('about the data as they are', (select string_agg(convert_from(personal_sealed, 'UTF8'), ' ') from xuqi.identity_lease(10, 30) where renewal_no = :'swap'), 'sealed first');
select same('also by liveness', (select outcome || ' ' || convert_from(personal_sealed, 'UTF8') from xuqi.liveness_begin(:'swap', 'tencent', 5)), 'asked sealed first');
select same('the reviewer sees whose they are', persons(:'swap'), 'telecom passed 张* gone, liveness passed 张* gone');
select last(:'swap') as asking, last(:'swap', 'telecom') as looked, (select lease_token from xuqi.identity_check where id = last(:'swap', 'telecom')) as lease \gset
select same('once more another person', left(correct(:'swap', nonce => 'swap 2', word => 'second'), 13), 'kept returned');
select same('what was asked about the one before is void', (select string_agg(state || ' ' || reason, ', ') from xuqi.identity_check where id in (:asking, :looked)), 'void corrected, void corrected');
select same('and answers nobody', (select outcome from xuqi.identity_decide(:looked, :lease, 'tencent', 'passed', '', null, '', null, 3)) || ' ' ||
            (select outcome from xuqi.liveness_open(:asking, digest('old biz'), 'sealed token', 'sealed url', now() + interval '1 hour')) || ' ' ||
            (select outcome from xuqi.identity_manual(:asking, 'id_type')), 'stale stale stale');
select refused('a verdict about the person before', format($$ update xuqi.identity_check set person = 1 where id = %s $$, last(:'swap', 'telecom')));
select same('the document first', correct(:'swap', '{}', nonce => 'swap 3') || ' ' || (select outcome from xuqi.material_put(:'swap', 'agent_id', 1, 'image/png', 4, digest('a'), 'sealed a')),
            'material_missing returned materials.agent_id identity.liveness identity.telecom created');
select same('then the checks', correct(:'swap', '{}', nonce => 'swap 3'), 'identity_missing returned identity.liveness identity.telecom');
select same('which come in', due(:'swap') || ' ' || says(:'swap', 'failed', 'phone_mismatch', 'telecom') || ' ' || (select outcome from xuqi.telecom_begin(:'swap', 'tencent', 9)) || ' ' ||
            due(:'swap') || ' ' || says(:'swap', 'passed', '', 'telecom') || ' ' || face(:'swap', ''), 'telecom 1 decided asked telecom 1 decided manual');
select same('and it goes back', correct(:'swap', '{}', nonce => 'swap 3', word => 'second') || ', ' || persons(:'swap'),
            'corrected awaiting_review, telecom passed 张* gone, liveness passed 张* gone, telecom failed second* stands, telecom passed second* stands, liveness manual second* stands');
select yes('the approved content is another', xuqi.renewal_content_hash(:'swap') <> :'seen');
select claim('ann', :'swap') as claimed \gset
select same('it is approved', approve('ann', :'swap'), 'approved');
select xuqi.renewal_content_hash(:'swap') as hash \gset
begin;
set local session_replication_role = replica;
update xuqi.identity_check set person = person + 5 where renewal_no = :'swap';
select yes('the hash covers whom a verdict is about', xuqi.renewal_content_hash(:'swap') <> :'hash');
rollback;
select back('tries', array['agent.name']) as tries \gset
select correct(:'tries', array['agent.name']) as corrected \gset
select same('failures are counted for each person', string_agg(face(:'tries', daily => 50) || opened(:'tries', 'tries ' || n) || due(:'tries') || says(:'tries', 'failed', 'face_mismatch'), ' ')
            , 'askedopenedliveness 1, telecom 1decided askedopenedliveness 1decided') from generate_series(1, 2) as n;
select same('two are none too many', split_part(steps(:'tries'), ',', 1), 'liveness failed face_mismatch');
select back('checked', array['agent.name']) as checked \gset
\set answers `race 6 "select case %i when 1 then left(story.correct((select renewal_no from xuqi.renewal where subject = 'CN=checked'), array['agent.name'], 'race'), 4) else story.face((select renewal_no from xuqi.renewal where subject = 'CN=checked')) end"`
select yes('a check that races with a correction is about one of the two persons: ' || :'answers',
           not exists (select from xuqi.identity_check where renewal_no = :'checked' and state in ('asking', 'open') and person <> xuqi.identity_person(:'checked')));

-- Photos that a reviewer returned.
create function story.shot(no text, side text, content text) returns text language sql as $$
    select outcome from xuqi.material_put(no, 'id_photo_' || side, 1, 'image/png', length(content), digest(content), 'sealed')
$$;
select renewal_no as photo from submit('photo', 'photo', steps => array['id_photos']) \gset
select shot(:'photo', 'front', 'f1') as f, shot(:'photo', 'back', 'b1') as b, complete(:'photo') as c, settle(attempt(:'photo'), 'txn photo') as p, claim('ann', :'photo') as k \gset
select same('a photo is returned', give_back('ann', :'photo', array['materials.id_photo_front']), 'returned');
select same('the step is open again', steps(:'photo') || ', ' || correct(:'photo', '{}'), 'id_photos todo -, material_missing returned materials.id_photo_front');
select same('a telephone takes it', link(:'photo', 'again') || ' ' || open('again') || ' ' || asked('again') || ', ' || finish('again'), 'created ok ok ' || :'photo' || ' back, material_missing id_photo_front');
select same('that one only', photo('again', :'photo', 'id_photo_back', 'b2'), 'material_unexpected');
select same('the same picture is no answer', photo('again', :'photo', 'id_photo_front', 'f1', type => 'image/png') || ' ' || finish('again'), 'kept material_missing id_photo_front');
select same('a new one is', photo('again', :'photo', 'id_photo_front', 'f2') || ' ' || finish('again') || ' ' || steps(:'photo'), 'replaced finished id_photos passed -');
select same('which the page may replace', shot(:'photo', 'front', 'f3'), 'replaced');
select link(:'photo', 'open end') as l \gset
select same('it goes back, and the link with it', correct(:'photo', '{}') || ' ' || open('open end'), 'corrected awaiting_review phone_link_over');
select same('the photo that was seen is kept', (select count(*)::text from xuqi.material_replaced where renewal_no = :'photo'), '1');
select claim('ann', :'photo') as k, give_back('ann', :'photo', array['agent.email']) as g \gset
select same('no link when no photo was named', link(:'photo', 'unasked'), 'identity_unexpected');
select renewal_in('awaiting_review', 'extra') as extra \gset
select claim('ann', :'extra') as k, give_back('ann', :'extra', array['materials.id_photo_front', 'materials.id_photo_back']) as g \gset
select same('photos that the platform does not ask for', link(:'extra', 'extra') || ' ' || open('extra') || ' ' || asked('extra') || ' ' || photo('extra', :'extra', 'id_photo_front') || ' ' ||
            photo('extra', :'extra', 'id_photo_back') || ' ' || finish('extra') || ' ' || correct(:'extra', '{}'), 'created ok ok ' || :'extra' || ' created created finished corrected awaiting_review');
select back('show', array['agent.name']) as show \gset
select same('no link for a face where no photos are asked for', left(correct(:'show', array['agent.name']), 4) || ' ' || link(:'show', 'show'), 'kept identity_unexpected');
select books_right();
