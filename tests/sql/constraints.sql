-- SPDX-License-Identifier: Apache-2.0
-- Each constraint refuses by its own name, with the triggers out of the way: no other rule stands in for one that is gone.
set search_path = story;
\ir support/refusals.sql

select xuqi.ledger_post('fee', 'long ago', digest('long ago'), now() - interval '32 days', 'story', array[xuqi.account_open('gateway_fee', 'x')], array[xuqi.account_open('bank', 'x')], array[1]) as old \gset
select outcome as closed from xuqi.ledger_close(date_trunc('month', xuqi.beijing(now() - interval '32 days'))::date, 'story') \gset
select renewal_in('awaiting_payment', 'unpaid') as unpaid, renewal_in('awaiting_review', 'paid') as paid, renewal_in('rejected', 'rejected') as rejected,
       renewal_in('awaiting_install', 'waiting') as waiting, renewal_in('completed', 'done') as done, renewal_in('completed', 'done too', 2) as too \gset
select nonce('idle') as idle, attempt(:'unpaid') as attempt, claim('ann', :'paid') as claimed, login('bob', 9, false, digest('bad')) as failed,
       settle((select attempt_no from xuqi.payment_attempt where state = 'paid' limit 1), 'second') as surplus \gset
select outcome from xuqi.notice_refuse('alipay', 'notice_signature', null, null, 'forged') \gset
select issuance_id as doubt from intend(:'waiting', 'doubt') \gset
select outcome from xuqi.issuance_abandon(fence(), :doubt, 'doubt') \gset
select outcome from xuqi.crl_record(fence(), 1, now(), now() + interval '1 day', 0, 'list') \gset
select outcome from xuqi.issuance_halt('drill') \gset
select xuqi.outbox_finish(id, lease_token, '') as finished from xuqi.outbox_lease('message', 1, 30) \gset
select xuqi.ledger_post('reverse', 'once', digest('once'), now(), 'story', array[t.credit_id], array[t.debit_id], array[t.amount], p.id) as reversal
  from xuqi.posting p join xuqi.transfer t on t.posting_id = p.id where p.event_type = 'issue' limit 1 \gset

-- The ledger.
select breaks('account_normal_side_check', 'account', 'normal_side = ''both''');
select breaks('balance_credits_check', 'balance', 'credits = -1, debits = 0', 'normal_side = ''credit''');
select breaks('balance_debits_check', 'balance', 'debits = -1, credits = 0', 'normal_side = ''debit''');
select breaks('no_overdraft', 'balance', 'debits = credits + 1', 'normal_side = ''credit''');
select breaks('no_overdraft', 'balance', 'credits = debits + 1', 'normal_side = ''debit''');
select breaks('posting_fingerprint_check', 'posting', 'fingerprint = ''short''');
select breaks('transfer_amount_check', 'transfer', 'amount = ' || amount) from unnest(array[0, -1, 100000000001]) as amount;
select breaks('transfer_check', 'transfer', 'debit_id = credit_id');
select breaks('transfer_leg_check', 'transfer', 'leg = ' || leg) from unnest(array[0, 17]) as leg;
select breaks('balance_account_id_fkey', 'balance', 'account_id = 999999');
select breaks('posting_reverses_fkey', 'posting', 'reverses = 999999');
select doubles('account_pkey', 'account');
select doubles('account_kind_owner_key_key', 'account', '{"id": 999999}');
select doubles('balance_pkey', 'balance');
select doubles('posting_pkey', 'posting');
select doubles('posting_event_type_event_key_key', 'posting', '{"id": 999999}');
select doubles('posting_reverses_key', 'posting', '{"id": 999999, "event_key": "other"}', 'reverses is not null');
select doubles('transfer_pkey', 'transfer');
select doubles('transfer_posting_id_leg_key', 'transfer', '{"id": 999999}');

-- The chart, closed months and reversals.
select hire('fay', array['finance']) as fay, hire('fred', array['finance']) as fred \gset
select id as question from xuqi.reversal_ask(token('fay'), 'fee', 'long ago', 'wrong') \gset
select xuqi.reversal_decide(token('fred'), :question, true) as decided \gset
select breaks('account_chart_normal_side_check', 'account_chart', 'normal_side = ''both''');
select breaks('account_chart_owner_check', 'account_chart', 'owner = ''somebody''');
select breaks('account_chart_name_zh_check', 'account_chart', 'name_zh = ''''');
select breaks('account_chart_name_en_check', 'account_chart', 'name_en = ''''');
select breaks('account_chart_meaning_zh_check', 'account_chart', 'meaning_zh = ''''');
select breaks('account_chart_meaning_en_check', 'account_chart', 'meaning_en = ''''');
select breaks('period_month_check', 'period', 'month = month + 1');
select breaks('period_closed_by_check', 'period', 'closed_by = ''''');
select breaks('period_postings_check', 'period', 'postings = -1');
select breaks('period_accounts_check', 'period', 'accounts = -1');
select breaks('period_previous_sha256_check', 'period', 'previous_sha256 = ''short''');
select breaks('period_sha256_check', 'period', 'sha256 = ''short''');
select breaks('period_balance_debits_check', 'period_balance', 'debits = -1');
select breaks('period_balance_credits_check', 'period_balance', 'credits = -1');
select breaks('posting_occurred_before', 'posting', 'occurred_at = event_at');
select breaks('reversal_reason_check', 'reversal', format('reason = %L', reason)) from unnest(array['', repeat('x', 501)]) as reason;
select breaks('reversal_state_check', 'reversal', 'state = ''maybe'', reversing_id = null');
select breaks('reversal_two_people', 'reversal', 'decided_by = asked_by');
select breaks('reversal_decided', 'reversal', 'decided_at = null');
select breaks('reversal_decided', 'reversal', 'state = ''asked'', reversing_id = null');
select breaks('reversal_posted', 'reversal', 'reversing_id = null');
select breaks('period_balance_month_fkey', 'period_balance', 'month = ''2001-01-01''');
select breaks('reversal_posting_id_fkey', 'reversal', 'posting_id = 999999');
select breaks('reversal_reversing_id_fkey', 'reversal', 'reversing_id = 999999');
select breaks('reversal_asked_by_fkey', 'reversal', 'asked_by = 999999');
select breaks('reversal_decided_by_fkey', 'reversal', 'decided_by = 999999');
select doubles('account_chart_pkey', 'account_chart');
select doubles('period_pkey', 'period', jsonb_build_object('previous_sha256', digest('other')));
select doubles('period_chain', 'period', '{"month": "2001-01-01"}');
select doubles('period_balance_pkey', 'period_balance');
select doubles('reversal_pkey', 'reversal', '{"state": "refused", "reversing_id": null}');
select doubles('reversal_once', 'reversal', '{"id": 999999, "reversing_id": 1}');
select doubles('reversal_reversing_id_key', 'reversal', '{"id": 999999, "posting_id": 1}');

-- Challenges and certificates.
select breaks('challenge_nonce_digest_check', 'challenge', 'nonce_digest = ''short''');
select breaks('challenge_used_evidence_check', 'challenge', 'used_evidence = ''short''', 'used_at is not null');
select breaks('challenge_used', 'challenge', 'used_evidence = null', 'used_at is not null');
select breaks('challenge_used', 'challenge', 'renewal_no = ''x''', 'used_at is null');
select breaks('certificate_check', 'certificate', 'not_after = not_before');
select breaks('certificate_check1', 'certificate', 'revoked_at = now()');
select breaks('certificate_check1', 'certificate', 'revocation_reason = ''lost''');
select breaks('certificate_fingerprint_check', 'certificate', 'fingerprint = ''short''');
select breaks('certificate_serial_check', 'certificate', format('serial = %L', serial)) from unnest(array['', '0a', 'AB', repeat('1', 41)]) as serial;
select doubles('challenge_pkey', 'challenge');
select doubles('certificate_pkey', 'certificate');
select doubles('certificate_serial_key', 'certificate', jsonb_build_object('fingerprint', digest('other')));
select doubles('certificate_renewal_no_key', 'certificate', jsonb_build_object('fingerprint', digest('other'), 'serial', 'abc'), 'renewal_no is not null');

-- Renewals and orders.
select breaks('renewal_account_verification_check', 'renewal', 'account_verification = ''sometimes''');
select breaks('renewal_amount_fen_check', 'renewal', 'amount_fen = ' || amount) from unnest(array[0, 100000000001]) as amount;
select breaks('renewal_certificate_fingerprint_check', 'renewal', 'certificate_fingerprint = ''short''');
select breaks('renewal_check', 'renewal', 'reviews_done = ' || done, 'reviews_required = 1') from unnest(array[-1, 2]) as done;
select breaks('renewal_check1', 'renewal', 'claimed_until = null', 'claimed_by is not null');
select breaks('renewal_check1', 'renewal', 'claimed_at = now()', 'claimed_by is null');
select breaks('renewal_check2', 'renewal', 'rejection_code = null', 'status = ''rejected''');
select breaks('renewal_check2', 'renewal', 'rejected_by = 1, rejection_code = ''a''', 'status = ''awaiting_payment''');
select breaks('renewal_check3', 'renewal', 'paid_at = null', 'status = ''awaiting_review''');
select breaks('renewal_check4', 'renewal', 'issued_at = null', 'status = ''completed''');
select breaks('renewal_check4', 'renewal', 'issued_at = now()', 'status = ''awaiting_install''');
select breaks('renewal_check5', 'renewal', 'completed_at = null', 'status = ''completed''');
select breaks('renewal_renewal_no_check', 'renewal', format('renewal_no = %L', no)) from unnest(array['', '02202611210000001', '0120261121000001', '01x02611210000001']) as no;
select breaks('renewal_reviews_required_check', 'renewal', 'reviews_required = 3');
select breaks('renewal_tax_rate_permyriad_check', 'renewal', 'tax_rate_permyriad = ' || rate) from unnest(array[-1, 10001]) as rate;
select breaks('renewal_term_months_check', 'renewal', 'term_months = ' || months) from unnest(array[0, 1201]) as months;
select breaks('renewal_content_evidence_sha256_check', 'renewal_content', 'evidence_sha256 = ''short''');
select breaks('order_amount_fen_check', 'order', 'amount_fen = 0');
select breaks('order_attempts_check', 'order', 'attempts = ' || attempts) from unnest(array[-1, 100]) as attempts;
select breaks('order_check', 'order', 'state = ''paid''', 'state = ''unpaid''');
select breaks('order_check', 'order', 'state = ''unpaid''', 'state = ''paid''');
select breaks('order_check1', 'order', 'paid_gateway = null', 'state = ''paid''');
select breaks('order_order_no_check', 'order', format('order_no = %L', no)) from unnest(array['', '2026', repeat('x', 26)]) as no;
select breaks('order_state_check', 'order', 'state = ''half''', 'state = ''unpaid''');
select breaks('order_line_line_check', 'order_line', 'line = ' || line) from unnest(array[0, 33]) as line;
select breaks('order_line_quantity_check', 'order_line', 'quantity = ' || quantity) from unnest(array[0, 1000001]) as quantity;
select breaks('order_line_unit_fen_check', 'order_line', 'unit_fen = ' || fen) from unnest(array[-1, 100000000001]) as fen;
select breaks('renewal_claimed_by_fkey', 'renewal', 'claimed_by = 999999', 'claimed_by is not null');
select breaks('renewal_rejected_by_fkey', 'renewal', 'rejected_by = 999999', 'rejected_by is not null');
select breaks('renewal_order_no_fkey', 'renewal', 'order_no = ''none''');
select breaks('renewal_content_renewal_no_fkey', 'renewal_content', 'renewal_no = ''none''');
select breaks('order_renewal_no_fkey', 'order', 'renewal_no = ''none''');
select breaks('order_line_order_no_fkey', 'order_line', 'order_no = ''none''');
select doubles('renewal_pkey', 'renewal');
select doubles('renewal_open', 'renewal', '{"renewal_no": "01209901010000001"}', 'status = ''awaiting_payment''');
select doubles('renewal_content_pkey', 'renewal_content');
select doubles('renewal_transition_pkey', 'renewal_transition');
select doubles('order_pkey', 'order');
select doubles('order_line_pkey', 'order_line');

-- Payments.
select breaks('payment_attempt_amount_fen_check', 'payment_attempt', 'amount_fen = 0');
select breaks('payment_attempt_attempt_no_check', 'payment_attempt', 'attempt_no = ''1''');
select breaks('payment_attempt_check', 'payment_attempt', format('state = %L', state), 'state = ''open''') from unnest(array['paid', 'surplus']) as state;
select breaks('payment_attempt_asked_check', 'payment_attempt', 'asked = -1');
select breaks('payment_attempt_check1', 'payment_attempt', 'expires_at = created_at');
select breaks('payment_attempt_state_check', 'payment_attempt', 'state = ''lost''');
select breaks('payment_notice_check', 'payment_notice', 'posting_id = null', 'verdict = ''settled''');
select breaks('payment_notice_check', 'payment_notice', 'verdict = ''replayed''', 'verdict = ''settled''');
select breaks('payment_notice_check1', 'payment_notice', 'key_id = null', 'verdict = ''settled''');
select breaks('payment_notice_digest_check', 'payment_notice', 'digest = ''short''');
select breaks('payment_notice_verdict_check', 'payment_notice', 'verdict = ''maybe'', key_id = ''key''', 'verdict = ''refused''');
select breaks('surplus_amount_fen_check', 'surplus', 'amount_fen = 0');
select breaks('surplus_reason_check', 'surplus', 'reason = ''unknown''');
select breaks('surplus_state_check', 'surplus', 'state = ''unknown''');
select breaks('refund_due_amount_fen_check', 'refund_due', 'amount_fen = 0');
select breaks('refund_due_state_check', 'refund_due', 'state = ''unknown''');
select breaks('payment_attempt_order_no_fkey', 'payment_attempt', 'order_no = ''none''', 'state = ''open''');
select breaks('payment_notice_posting_id_fkey', 'payment_notice', 'posting_id = 999999', 'verdict = ''settled''');
select breaks('surplus_attempt_no_fkey', 'surplus', 'attempt_no = ''none''');
select breaks('surplus_order_no_fkey', 'surplus', 'order_no = ''none''');
select breaks('surplus_posting_id_fkey', 'surplus', 'posting_id = 999999');
select breaks('surplus_renewal_no_fkey', 'surplus', 'renewal_no = ''none''');
select breaks('refund_due_order_no_fkey', 'refund_due', 'order_no = ''none''');
select breaks('refund_due_posting_id_fkey', 'refund_due', 'posting_id = 999999');
select breaks('refund_due_renewal_no_fkey', 'refund_due', 'renewal_no = ''none''');
select doubles('payment_attempt_pkey', 'payment_attempt', '{"state": "closed"}');
select doubles('payment_attempt_paid', 'payment_attempt', '{"attempt_no": "0000000000000000000000000000"}', 'state = ''paid''');
select doubles('payment_notice_pkey', 'payment_notice');
select doubles('payment_notice_once', 'payment_notice', '{"id": 999999, "gateway_txn": "other", "posting_id": 1}', 'verdict = ''settled''');
select doubles('payment_notice_booked', 'payment_notice', jsonb_build_object('id', 999999, 'digest', digest('other'), 'posting_id', 1), 'verdict = ''settled''');
select doubles('payment_notice_posting_id_key', 'payment_notice', jsonb_build_object('id', 999999, 'digest', digest('other'), 'gateway_txn', 'other'), 'verdict = ''settled''');
select doubles('surplus_pkey', 'surplus', '{"gateway_txn": "other"}');
select doubles('surplus_gateway_gateway_txn_key', 'surplus', '{"posting_id": 1}');
select doubles('refund_due_pkey', 'refund_due', '{"posting_id": 1}');
select doubles('refund_due_posting_id_key', 'refund_due', jsonb_build_object('renewal_no', :'paid'));

-- Staff.
select breaks('staff_name_check', 'staff', 'name = ''''');
select breaks('staff_roles_check', 'staff', 'roles = ''{root}''');
select breaks('staff_status_check', 'staff', 'status = ''away''');
select breaks('staff_session_idle_s_check', 'staff_session', 'idle_s = 0');
select breaks('staff_session_token_digest_check', 'staff_session', 'token_digest = ''short''');
select breaks('login_failure_kind_check', 'login_failure', 'kind = ''password''');
select breaks('login_failure_subject_check', 'login_failure', 'subject = ''clear''');
select breaks('approval_content_hash_check', 'approval', 'content_hash = ''short''');
select breaks('staff_session_staff_id_fkey', 'staff_session', 'staff_id = 999999');
select breaks('approval_renewal_no_fkey', 'approval', 'renewal_no = ''none''');
select breaks('approval_staff_id_fkey', 'approval', 'staff_id = 999999');
select doubles('staff_pkey', 'staff');
select doubles('staff_name_key', 'staff', '{"id": 999999}');
select doubles('staff_session_pkey', 'staff_session');
select doubles('login_failure_pkey', 'login_failure');
select doubles('approval_pkey', 'approval');
select doubles('approval_once', 'approval', '{"id": 999999}');

-- Issuance.
select breaks('issuer_lease_only_one_check', 'issuer_lease', 'only_one = false');
select breaks('issuance_check', 'issuance', 'not_after = not_before');
select breaks('issuance_check1', 'issuance', 'certificate_fingerprint = null', 'state = ''signed''');
select breaks('issuance_check2', 'issuance', 'ended_at = null', 'state = ''abandoned''');
select breaks('issuance_content_hash_check', 'issuance', 'content_hash = ''short''');
select breaks('issuance_csr_spki_sha256_check', 'issuance', 'csr_spki_sha256 = ''short''');
select breaks('issuance_request_evidence_sha256_check', 'issuance', 'request_evidence_sha256 = ''short''');
select breaks('issuance_serial_check', 'issuance', 'serial = ''short''');
select breaks('issuance_state_check', 'issuance', 'state = ''lost''', 'state = ''abandoned''');
select breaks('issuance_certificate_fingerprint_fkey', 'issuance', 'certificate_fingerprint = sha256(''none'')', 'state = ''signed''');
select breaks('issuance_renewal_no_fkey', 'issuance', 'renewal_no = ''none''');
select breaks('abandoned_serial_issuance_id_fkey', 'abandoned_serial', 'issuance_id = 999999');
select refused('an issuance that has ended is changed', 'update xuqi.issuance set ended_at = now() where state = ''abandoned''');
select doubles('issuer_lease_pkey', 'issuer_lease');
select breaks('halt_halted_by_check', 'halt', 'halted_by = ''''');
select doubles('halt_pkey', 'halt', '{"released_at": "2026-01-01"}');
select doubles('halt_one', 'halt', '{"id": 999999}');
select doubles('issuance_pkey', 'issuance');
select doubles('issuance_serial_key', 'issuance', '{"id": 999999}', 'state = ''abandoned''');
select doubles('issuance_live', 'issuance', jsonb_build_object('id', 999999, 'serial', serial('other'), 'csr_spki_sha256', digest('other'), 'state', 'intended',
    'ended_at', null, 'certificate_fingerprint', null), 'state = ''signed''');
select doubles('issuance_live_key', 'issuance', jsonb_build_object('id', 999999, 'serial', serial('other'), 'renewal_no', :'unpaid', 'state', 'intended',
    'ended_at', null, 'certificate_fingerprint', null), 'state = ''signed''');
select doubles('issuance_certificate_fingerprint_key', 'issuance', jsonb_build_object('id', 999999, 'serial', serial('other'), 'renewal_no', :'unpaid',
    'csr_spki_sha256', digest('other')), 'state = ''signed''');
select doubles('abandoned_serial_pkey', 'abandoned_serial', '{"issuance_id": 1}');
select doubles('abandoned_serial_issuance_id_key', 'abandoned_serial', jsonb_build_object('serial', serial('other')));

-- The outbox, lists, and what is written down about everything.
select breaks('outbox_check', 'outbox', 'lease_until = now()', 'state = ''ready''');
select breaks('outbox_check', 'outbox', 'state = ''leased''', 'state = ''ready''');
select breaks('outbox_max_attempts_check', 'outbox', 'max_attempts = 0');
select breaks('outbox_state_check', 'outbox', 'state = ''lost''', 'state = ''ready''');
select breaks('crl_check', 'crl', 'next_update = this_update');
select breaks('crl_der_check', 'crl', 'der = ''''');
select breaks('crl_number_check', 'crl', 'number = 0');
select breaks('crl_revocations_check', 'crl', 'revocations = -1');
select doubles('outbox_pkey', 'outbox');
select doubles('outbox_topic_dedup_key_key', 'outbox', '{"id": 999999}');
select doubles('outbox_done_pkey', 'outbox_done');
select doubles('crl_pkey', 'crl');
select doubles('audit_event_pkey', 'audit_event');
select doubles('schema_migration_pkey', 'schema_migration');

-- The list of banks.
insert into xuqi.bank_branch (code, name, bank, province, city, search, rank) values ('102100099996', '中国工商银行', '中国工商银行', '北京', '北京', '中国工商银行', 1);
insert into xuqi.bank_pair (pair, times) values ('中国', 1);
select breaks('bank_branch_code_check', 'bank_branch', 'code = ''12''');
select breaks('bank_branch_name_check', 'bank_branch', format('name = %L', name)) from unnest(array['行', repeat('行', 101)]) as name;
select breaks('bank_branch_bank_check', 'bank_branch', 'bank = repeat(''行'', 101)');
select breaks('bank_branch_province_check', 'bank_branch', 'province = repeat(''省'', 51)');
select breaks('bank_branch_city_check', 'bank_branch', 'city = repeat(''市'', 51)');
select breaks('bank_branch_search_check', 'bank_branch', 'search = ''''');
select breaks('bank_branch_rank_check', 'bank_branch', 'rank = 0');
select breaks('bank_pair_times_check', 'bank_pair', 'times = 0');
select doubles('bank_branch_pkey', 'bank_branch');
select doubles('bank_pair_pkey', 'bank_pair');

-- Documents.
alter table xuqi.material disable trigger user;
insert into xuqi.material (renewal_no, kind, page, content_type, size, sha256, sealed) values (:'unpaid', 'agent_id', 1, 'image/png', 4, digest('scan'), 'sealed scan');
alter table xuqi.material enable trigger user;
select breaks('material_check', 'material', 'size = length(sealed)');
select breaks('material_content_type_check', 'material', 'content_type = ''text/html''');
select breaks('material_kind_check', 'material', 'kind = ''diary''');
select breaks('material_page_check', 'material', 'page = ' || page) from unnest(array[0, 11]) as page;
select breaks('material_sha256_check', 'material', 'sha256 = ''short''');
select breaks('material_size_check', 'material', 'size = 0');
select breaks('material_renewal_no_fkey', 'material', 'renewal_no = ''none''');
select doubles('material_pkey', 'material');

-- Prices. Breaking them is tried on tables of their own: the renewals' would stand in for them.
select outcome as prices from load('other', '{"2019-01-01": {"12": [["fee", 100, 1]]}, "2099-01-01": {"12": [["fee", 200, 1]]}}') \gset
select breaks('fee_version_platform_check', 'fee_version', format('platform = %L', platform)) from unnest(array['', 'A', '-a', repeat('a', 33)]) as platform;
select breaks('fee_version_number_check', 'fee_version', 'number = 0', 'platform = ''other''');
select breaks('fee_version_file_sha256_check', 'fee_version', 'file_sha256 = ''short''');
select breaks('fee_version_loaded_by_check', 'fee_version', 'loaded_by = ''''');
select breaks('fee_table_check', 'fee_table', 'withdrawn_in = 1', 'platform = ''other''');
select breaks('fee_table_platform_added_in_fkey', 'fee_table', 'added_in = 9', 'platform = ''other''');
select breaks('fee_table_platform_withdrawn_in_fkey', 'fee_table', 'withdrawn_in = 9', 'platform = ''other''');
select breaks('fee_term_months_check', 'fee_term', 'months = ' || months) from unnest(array[0, 1201]) as months;
select breaks('fee_term_amount_fen_check', 'fee_term', 'amount_fen = ' || amount) from unnest(array[0, -1, 100000000001]) as amount;
select breaks('fee_item_line_check', 'fee_item', 'line = ' || line) from unnest(array[0, 33]) as line;
select breaks('fee_item_name_check', 'fee_item', 'name = ''''');
select breaks('fee_item_unit_fen_check', 'fee_item', 'unit_fen = ' || fen) from unnest(array[0, -1, 100000000001]) as fen;
select breaks('fee_item_quantity_check', 'fee_item', 'quantity = ' || quantity) from unnest(array[0, 1000001]) as quantity;
select doubles('fee_term_fee_table_id_fkey', 'fee_term', '{"fee_table_id": 999999}');
select breaks('fee_item_fee_table_id_months_fkey', 'fee_item', 'fee_table_id = 999999');
select breaks('renewal_quote_version_fkey', 'renewal', 'quote_version = 999999');
select doubles('fee_version_pkey', 'fee_version');
select named('fee_table_pkey', 'insert into xuqi.fee_table (id, platform, effective_on, added_in) overriding system value
    select id, platform, ''2050-01-01'', added_in from xuqi.fee_table where platform = ''other'' limit 1', 'fee_table');
select named('fee_table_no_overlap', 'insert into xuqi.fee_table (platform, effective_on, added_in)
    select platform, effective_on, added_in from xuqi.fee_table where platform = ''other'' limit 1', 'fee_table');
select doubles('fee_term_pkey', 'fee_term');
select doubles('fee_item_pkey', 'fee_item');

-- Returns and corrections.
select renewal_in('awaiting_review', 'corrected') as corrected \gset
select claim('ann', :'corrected') as claimed, give_back('ann', :'corrected', array['agent.name', 'materials.agent_id']) as given, correct(:'corrected', array['agent.name']) as kept \gset
alter table xuqi.material disable trigger user;
insert into xuqi.material_replaced (renewal_no, kind, page, content_type, size, sha256, sealed, uploaded_at, round)
select renewal_no, kind, page, content_type, size, sha256, sealed, uploaded_at, round from xuqi.material;
alter table xuqi.material enable trigger user;
select breaks('renewal_returns_check', 'renewal', 'returns = ' || n) from unnest(array[-1, 100]) as n;
select breaks('renewal_reminders_check', 'renewal', 'reminders = ' || n) from unnest(array[-1, 4]) as n;
select breaks('renewal_check_returned', 'renewal', 'returns = 0', 'status = ''returned''');
select breaks('renewal_check_reminded', 'renewal', 'remind_at = now()', 'status = ''completed''');
select breaks('renewal_return_round_check', 'renewal_return', 'round = 0');
select breaks('renewal_return_content_hash_check', 'renewal_return', 'content_hash = ''short''');
select breaks('renewal_return_staff_id_fkey', 'renewal_return', 'staff_id = 999999');
select named('renewal_return_renewal_no_fkey', 'insert into xuqi.renewal_return select ''none'', 1, staff_id, content_hash from xuqi.renewal_return', 'renewal_return');
select breaks('return_item_name_check', 'return_item', 'name = ' || quote_literal(name)) from unnest(array['term_months', 'subject', 'invoice.kind', 'materials.diary']) as name;
select breaks('return_item_reason_code_check', 'return_item', 'reason_code = ''mood''');
select breaks('return_item_reason_text_check', 'return_item', 'reason_text = ''''');
select breaks('return_item_renewal_no_round_fkey', 'return_item', 'round = 9');
select breaks('correction_form_paired', 'correction', 'form_shown = ''{}''');
select breaks('correction_number_check', 'correction', 'number = 0');
select breaks('correction_evidence_sha256_check', 'correction', 'evidence_sha256 = ''short''');
select breaks('correction_renewal_no_round_fkey', 'correction', 'round = 9');
select breaks('correction_field_name_check', 'correction_field', 'name = ''materials.agent_id''');
select breaks('correction_field_renewal_no_number_fkey', 'correction_field', 'number = 9');
select breaks('material_replaced_renewal_no_fkey', 'material_replaced', 'renewal_no = ''none''');
select doubles('renewal_return_pkey', 'renewal_return');
select doubles('return_item_pkey', 'return_item');
select doubles('correction_pkey', 'correction', jsonb_build_object('evidence_sha256', digest('other')));
select doubles('correction_renewal_no_evidence_sha256_key', 'correction', '{"number": 9}');
select doubles('correction_field_pkey', 'correction_field');
select doubles('material_replaced_pkey', 'material_replaced');

-- The rails.
select outcome from xuqi.rail_note('alipay', 'open', '') \gset
select outcome from xuqi.gateway_certificate_put('wechat', 'ab', 'nonce', 'certificate', 'sealed', now()) \gset
select breaks('rail_breaker_check', 'rail', 'breaker = ''ajar''');
select doubles('rail_pkey', 'rail');
select doubles('gateway_certificate_pkey', 'gateway_certificate');
