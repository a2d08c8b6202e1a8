-- SPDX-License-Identifier: Apache-2.0
-- As constraints.sql, of staff: accounts, what two of them decide, grants and certificates.
set search_path = story;
\ir support/refusals.sql

select hire('one', '{administrator}'), hire('two', '{administrator}') \g /dev/null
select outcome as asked from xuqi.admin_ask(token('one'), 'key-halt-1', 'halt', 'issuer', 0, '', '{}', '{}', 'because', 3600) \gset
select outcome as done from xuqi.admin_decide(token('two'), 1, true, digest('e'), 60) \gset
select outcome as asked from xuqi.admin_ask(token('one'), 'key-release-1', 'release', 'issuer', 0, '', '{}', '{}', 'because', 3600) \gset
select outcome as registered from xuqi.staff_certificate_add('one', digest('c'), 'CN=one', '1', now(), false) \gset
select same('there is something to break', concat_ws(' ', :'done', :'asked', :'registered'), 'done asked added');

select breaks('staff_status_check', 'staff', 'status = ''asleep''');
select breaks('staff_version_check', 'staff', 'version = 0');
select breaks('staff_platforms', 'staff', 'platforms = ' || quote_literal(p)) from unnest(array['{}', '{*,gpo}', '{null}']) as p;
select breaks('staff_enrolment_digest_check', 'staff', 'enrolment_digest = ''short'', enrolment_until = now(), status = ''invited''');
select breaks('staff_enrolment', 'staff', change) from unnest(array['enrolment_digest = sha256(''x''), status = ''invited''',
    'enrolment_until = now(), status = ''invited''', 'enrolment_digest = sha256(''x''), enrolment_until = now()']) as change;
update xuqi.staff set status = 'invited', enrolment_digest = digest('x'), enrolment_until = now() where name = 'two';
select breaks('staff_enrolment_digest_key', 'staff', 'status = ''invited'', enrolment_digest = sha256(''x''), enrolment_until = now()', 'name = ''one''');
select refused('duties that clash', $$ update xuqi.staff set roles = '{reviewer,auditor}' where name = 'one' $$);

select breaks('admin_request_request_key_check', 'admin_request', 'request_key = ' || quote_literal(k)) from unnest(array['short', repeat('a', 65), 'with a blank']) as k;
select breaks('admin_request_kind_check', 'admin_request', 'kind = ''party''');
select breaks('admin_request_subject_check', 'admin_request', 'subject = ''''');
select breaks('admin_request_reason_check', 'admin_request', 'reason = ' || quote_literal(r)) from unnest(array['', '  ', repeat('a', 501)]) as r;
select breaks('admin_request_state_check', 'admin_request', 'state = ''lost''', 'state = ''done''');
select breaks('admin_request_check', 'admin_request', 'expires_at = asked_at');
select breaks('admin_request_decided', 'admin_request', change, 'state = ''asked''') from unnest(array['state = ''refused''', 'decided_by = 2, decided_at = now()']) as change;
select breaks('admin_request_decided', 'admin_request', 'decided_at = null', 'state = ''done''');
select breaks('admin_request_two_people', 'admin_request', 'decided_by = asked_by', 'state = ''done''');
select breaks('admin_request_asked_by_fkey', 'admin_request', 'asked_by = 99');
select breaks('admin_request_decided_by_fkey', 'admin_request', 'decided_by = 99', 'state = ''done''');
select doubles('admin_request_pkey', 'admin_request', '{"request_key": "another-key"}');
select doubles('admin_request_request_key_key', 'admin_request', '{"id": 99}');
select refused('changing what was decided', $$ update xuqi.admin_request set state = 'asked', decided_by = null, decided_at = null where state = 'done' $$);
select refused('changing what is asked for', $$ update xuqi.admin_request set subject = 'other' where state = 'asked' $$);

select breaks('staff_grant_granted_by_check', 'staff_grant', 'granted_by = ''''');
select breaks('staff_grant_staff_id_fkey', 'staff_grant', 'staff_id = 99');
select doubles('staff_grant_pkey', 'staff_grant', '{"staff_id": 99, "ended_at": "2026-01-01"}');
select doubles('staff_grant_one', 'staff_grant', '{"id": 99}', 'ended_at is null');

select breaks('staff_certificate_fingerprint_check', 'staff_certificate', 'fingerprint = ''short''');
select breaks('staff_certificate_staff_id_fkey', 'staff_certificate', 'staff_id = 99');
select doubles('staff_certificate_pkey', 'staff_certificate');

select refused('emptying ' || name, format('delete from xuqi.%I', name)) from unnest(array['admin_request', 'staff_grant', 'staff_certificate']) as name;
select refused('truncating ' || name, format('truncate xuqi.%I cascade', name)) from unnest(array['admin_request', 'staff_grant', 'staff_certificate']) as name;
