-- SPDX-License-Identifier: Apache-2.0
-- As constraints.sql, of what has to do with people: the web hall's accounts, telephones, identity checks, texts that were
-- accepted, what is sealed, looked at and erased. The rows are made here, each good in itself.
set search_path = story;
\ir support/refusals.sql

select renewal_in('awaiting_review', 'one') as no, renewal_in('awaiting_review', 'two') as other \gset
set session_replication_role = replica;
insert into xuqi.portal_account (id, mobile_index, mobile_sealed, mobile_masked, name, password_hash) overriding system value
    values (1, digest('m1'), 'sealed', '138****0001', 'person-one', 'hash'), (2, digest('m2'), 'sealed', '138****0002', null, null);
insert into xuqi.portal_session (token_digest, account_id, proof, expires_at, idle_s, idle_until) values (digest('seat'), 1, 'sms_code', now(), 60, now());
insert into xuqi.sms_code (id, mobile_index, mobile_sealed, purpose, salt, code_digest, address_mark, expires_at) overriding system value
    values (1, digest('m1'), 'sealed', 'login', digest('salt'), digest('code'), digest('address'), now());
insert into xuqi.renewal_portal (renewal_no, account_id) values (:'no', 1);
insert into xuqi.serial_ask (account_id, guess, address_mark) values (1, digest('guess'), digest('address'));
insert into xuqi.certificate_portal_account (certificate_fingerprint, issuer, account) values (digest('c'), 'portal', 'account');
insert into xuqi.portal_token (digest, used_evidence, expires_at) values (digest('token'), digest('evidence'), now());
insert into xuqi.phone_link (id, renewal_no, token_digest, expires_at) overriding system value values (1, :'no', digest('link'), now() + interval '1 hour');
insert into xuqi.identity_check (id, renewal_no, kind, state, next_look_at, token_digest) overriding system value values (1, :'no', 'liveness', 'open', now(), digest('face'));
insert into xuqi.identity_check (id, renewal_no, kind, state, provider, decided_at, similarity) overriding system value values (2, :'no', 'telecom', 'passed', 'tencent', now(), 9000);
insert into xuqi.agreement_text (kind, id, version, sha256, title, text) values ('agreement', 'text', '1', encode(digest('words'), 'hex'), 'title', 'words');
insert into xuqi.acceptance (renewal_no, kind, id, version, sha256, client_address, evidence_sha256)
    values (:'no', 'agreement', 'text', '1', encode(digest('words'), 'hex'), '127.0.0.1', digest('evidence'));
insert into xuqi.unmasking (id, staff_id, renewal_no, fields, reason) overriding system value select 1, id, :'no', array['agent.name'], 'a good reason' from xuqi.staff limit 1;
insert into xuqi.erasure (renewal_no, class, actor, reason, content_hash) values (:'no', 'refused', 'story', 'over', digest('content'));
set session_replication_role = origin;

-- Accounts of the web hall, their sessions and codes.
select breaks('portal_account_check', 'portal_account', 'password_hash = null', 'id = 1');
select breaks('portal_account_check', 'portal_account', 'password_hash = ''hash''', 'id = 2');
select breaks('portal_account_name_check', 'portal_account', format('name = %L', name), 'id = 1') from unnest(array['', 'ab', 'Upper', '13800000001', '_name', repeat('a', 33)]) as name;
select breaks('portal_account_mobile_index_check', 'portal_account', 'mobile_index = ''short''', 'id = 1');
select breaks('portal_account_status_check', 'portal_account', 'status = ''away''', 'id = 1');
select doubles('portal_account_pkey', 'portal_account', jsonb_build_object('mobile_index', digest('m3'), 'name', 'person-three'), 'id = 1');
select doubles('portal_account_mobile_index_key', 'portal_account', '{"id": 9, "name": "person-three"}', 'id = 1');
select doubles('portal_account_name_key', 'portal_account', jsonb_build_object('id', 9, 'mobile_index', digest('m3')), 'id = 1');
select breaks('portal_session_token_digest_check', 'portal_session', 'token_digest = ''short''');
select breaks('portal_session_proof_check', 'portal_session', 'proof = ''smile''');
select breaks('portal_session_idle_s_check', 'portal_session', 'idle_s = 0');
select breaks('portal_session_account_id_fkey', 'portal_session', 'account_id = 999999');
select doubles('portal_session_pkey', 'portal_session');
select breaks('sms_code_mobile_index_check', 'sms_code', 'mobile_index = ''short''');
select breaks('sms_code_salt_check', 'sms_code', 'salt = ''short''');
select breaks('sms_code_code_digest_check', 'sms_code', 'code_digest = ''short''');
select breaks('sms_code_address_mark_check', 'sms_code', 'address_mark = ''short''');
select breaks('sms_code_purpose_check', 'sms_code', 'purpose = ''fun''');
select breaks('sms_code_tries_check', 'sms_code', format('tries = %s, ended_at = now()', tries)) from unnest(array[-1, 6]) as tries;
select breaks('sms_code_check', 'sms_code', 'tries = 5');
select breaks('sms_code_check1', 'sms_code', 'used_at = now()');
select doubles('sms_code_pkey', 'sms_code', jsonb_build_object('salt', digest('other'), 'purpose', 'register'));
select doubles('sms_code_salt_key', 'sms_code', '{"id": 9, "purpose": "register"}');
select doubles('sms_code_live', 'sms_code', jsonb_build_object('id', 9, 'salt', digest('other')));

-- Proofs.
select breaks('renewal_portal_renewal_no_fkey', 'renewal_portal', 'renewal_no = ''none''');
select breaks('renewal_portal_account_id_fkey', 'renewal_portal', 'account_id = 999999');
select doubles('renewal_portal_pkey', 'renewal_portal');
select breaks('serial_ask_account_id_fkey', 'serial_ask', 'account_id = 999999');
select breaks('serial_ask_guess_check', 'serial_ask', 'guess = ''short''');
select breaks('serial_ask_address_mark_check', 'serial_ask', 'address_mark = ''short''');
select doubles('serial_ask_pkey', 'serial_ask');
select breaks('certificate_portal_account_certificate_fingerprint_check', 'certificate_portal_account', 'certificate_fingerprint = ''short''');
select breaks('certificate_portal_account_issuer_check', 'certificate_portal_account', 'issuer = ''''');
select breaks('certificate_portal_account_account_check', 'certificate_portal_account', 'account = ''''');
select doubles('certificate_portal_account_pkey', 'certificate_portal_account');
select breaks('portal_token_digest_check', 'portal_token', 'digest = ''short''');
select breaks('portal_token_used_evidence_check', 'portal_token', 'used_evidence = ''short''');
select doubles('portal_token_pkey', 'portal_token');
select breaks('challenge_proof_evidence_check', 'challenge', 'proof_evidence = ''short'', portal_account_id = 1');
select breaks('challenge_portal_account_id_fkey', 'challenge', 'portal_account_id = 999999, proof_evidence = sha256(''x'')');
select breaks('challenge_portal_token_check', 'challenge', 'portal_token = ''short'', portal_issuer = ''i'', portal_account = ''a'', portal_token_expires = now(), proof_evidence = sha256(''x'')');
select breaks('challenge_portal', 'challenge', 'portal_issuer = ''i''');
select breaks('challenge_proof', 'challenge', 'proof_evidence = sha256(''x'')');
select breaks('challenge_proof', 'challenge', 'portal_account_id = 1');

-- Identity.
select breaks('renewal_identity_steps', 'renewal', 'required_identity_steps = array[''tarot'']');
select breaks('phone_link_renewal_no_fkey', 'phone_link', 'renewal_no = ''none''');
select breaks('phone_link_token_digest_check', 'phone_link', 'token_digest = ''short''');
select breaks('phone_link_device_digest_check', 'phone_link', 'device_digest = ''short'', opened_at = now()');
select breaks('phone_link_ended_by_check', 'phone_link', 'ended_by = ''wind'', ended_at = now()');
select breaks('phone_link_check', 'phone_link', 'opened_at = now()');
select breaks('phone_link_check1', 'phone_link', 'ended_at = now()');
select breaks('phone_link_check2', 'phone_link', 'expires_at = created_at');
select doubles('phone_link_pkey', 'phone_link', jsonb_build_object('token_digest', digest('other'), 'renewal_no', :'other'));
select doubles('phone_link_token_digest_key', 'phone_link', jsonb_build_object('id', 9, 'renewal_no', :'other'));
select doubles('phone_link_live', 'phone_link', jsonb_build_object('id', 9, 'token_digest', digest('other')));
select breaks('identity_check_renewal_no_fkey', 'identity_check', 'renewal_no = ''none''');
select breaks('identity_check_kind_check', 'identity_check', 'kind = ''palm''');
select breaks('identity_check_state_check', 'identity_check', 'state = ''lost''', 'id = 2');
select breaks('identity_check_reason_check', 'identity_check', 'reason = ''Not This''');
select breaks('identity_check_similarity_check', 'identity_check', format('similarity = %s', value)) from unnest(array[-1, 10001]) as value;
select breaks('identity_check_token_digest_check', 'identity_check', 'token_digest = ''short''');
select breaks('identity_check_person_check', 'identity_check', 'person = -1');
select breaks('identity_check_check', 'identity_check', 'decided_at = now()', 'id = 1');
select breaks('identity_check_check', 'identity_check', 'decided_at = null', 'id = 2');
select breaks('identity_check_check1', 'identity_check', 'next_look_at = null', 'id = 1');
select breaks('identity_check_check1', 'identity_check', 'next_look_at = now()', 'id = 2');
select breaks('identity_check_check2', 'identity_check', 'provider = ''''', 'id = 2');
select breaks('identity_check_check3', 'identity_check', 'state = ''failed''', 'id = 2');
select doubles('identity_check_pkey', 'identity_check', jsonb_build_object('renewal_no', :'other'), 'id = 2');
select doubles('identity_check_token_digest_key', 'identity_check', jsonb_build_object('id', 9, 'renewal_no', :'other'), 'id = 1');
select doubles('identity_check_live', 'identity_check', jsonb_build_object('id', 9, 'token_digest', digest('other')), 'id = 1');
select doubles('identity_check_settled', 'identity_check', '{"id": 9}', 'id = 2');
set session_replication_role = replica;
insert into xuqi.material (renewal_no, kind, page, content_type, size, sha256, sealed) values (:'no', 'id_photo_front', 1, 'image/png', 4, digest('scan'), 'sealed scan');
set session_replication_role = origin;
select breaks('material_photo', 'material', 'page = 2');
select breaks('material_photo', 'material', 'content_type = ''application/pdf''');

-- Texts, looks, erasures and what is sealed.
select breaks('agreement_text_kind_check', 'agreement_text', 'kind = ''poem''');
select breaks('agreement_text_id_check', 'agreement_text', 'id = ''''');
select breaks('agreement_text_version_check', 'agreement_text', 'version = ''''');
select breaks('agreement_text_check', 'agreement_text', 'text = ''other words''');
select breaks('acceptance_renewal_no_fkey', 'acceptance', 'renewal_no = ''none''');
select breaks('acceptance_kind_id_version_sha256_fkey', 'acceptance', 'version = ''9''') /* goes with agreement_text_kind_id_version_sha256_key */;
select breaks('acceptance_evidence_sha256_check', 'acceptance', 'evidence_sha256 = ''short''');
select doubles('agreement_text_pkey', 'agreement_text', jsonb_build_object('text', 'other', 'sha256', encode(digest('other'), 'hex')));
select doubles('acceptance_pkey', 'acceptance');
select breaks('unmasking_staff_id_fkey', 'unmasking', 'staff_id = 999999');
select breaks('unmasking_renewal_no_fkey', 'unmasking', 'renewal_no = ''none''');
select breaks('unmasking_fields_check', 'unmasking', 'fields = ' || quote_literal(fields)) from unnest(array['{}', '{agent.shoe}']) as fields;
select breaks('unmasking_fields_check', 'unmasking', 'fields = array_fill(''agent.name''::text, array[13])');
select breaks('unmasking_reason_check', 'unmasking', format('reason = %L', reason)) from unnest(array['why', repeat('x', 201)]) as reason;
select doubles('unmasking_pkey', 'unmasking');
select refused('a look whose reason changes', $$ update xuqi.unmasking set reason = 'another reason' $$);
select refused('a look that vanishes', 'delete from xuqi.unmasking');
select breaks('erasure_renewal_no_fkey', 'erasure', 'renewal_no = ''none''');
select breaks('erasure_class_check', 'erasure', 'class = ''voucher''');
select named('erasure_class_fkey', 'delete from xuqi.retention_class where class = ''refused''', 'retention_class');
select breaks('erasure_reason_check', 'erasure', 'reason = ''''');
select breaks('erasure_content_hash_check', 'erasure', 'content_hash = ''short''');
select doubles('erasure_pkey', 'erasure');
select doubles('retention_class_pkey', 'retention_class');
select breaks('sealed_column_check', 'sealed_column', 'name = ''other''', 'name = ''staff.totp_sealed''');
select breaks('sealed_column_check', 'sealed_column', 'table_name = ''other''', 'name = ''staff.totp_sealed''');
select breaks('sealed_column_kind_check', 'sealed_column', 'kind = ''open''', 'name = ''staff.totp_sealed''');
select breaks('sealed_column_check1', 'sealed_column', 'kind = ''index''', 'name = ''staff.totp_sealed''');
select breaks('sealed_column_check1', 'sealed_column', 'kind = ''sealed''', 'name = ''renewal_content.agent_mobile_index''');
select breaks('sealed_column_source_fkey', 'sealed_column', 'source = ''none''', 'name = ''renewal_content.agent_mobile_index''');
select doubles('sealed_column_pkey', 'sealed_column');
select breaks('form_paired', 'renewal_content', 'form_fields = array[''a'']');
select breaks('warning_paired', 'renewal_content', 'warning_fields = array[''a'']');
