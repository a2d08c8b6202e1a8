-- SPDX-License-Identifier: Apache-2.0
-- As constraints.sql, of refunds and of what two people say about what no gateway explains. The rows are made here, each good
-- in itself.
set search_path = story;
\ir support/refusals.sql

select renewal_in('awaiting_review', 'one') as no \gset
select order_no, order_no || 'R001' as first, order_no || 'R002' as second, order_no || 'R003' as third, order_no || 'R004' as fourth from xuqi.renewal where renewal_no = :'no' \gset
select hire('fay', array['finance']) as fay, hire('fred', array['finance']) as fred \gset
select id as fay_id from xuqi.staff where name = 'fay' \gset
select id as fred_id from xuqi.staff where name = 'fred' \gset
select posting_id as posting, attempt_no as attempt from xuqi.payment_notice where verdict = 'settled' limit 1 \gset
select min(id) as invoice from xuqi.posting \gset
set session_replication_role = replica;
insert into xuqi.refund (refund_no, renewal_no, order_no, cause, payment_id, attempt_no, gateway, gateway_txn, paid_fen, amount_fen, reason, request_key, asked_by, state, approved_by, approved_at,
                         reserve_id, sent_at, done_id, ended_at)
    values (:'first', :'no', :'order_no', 'staff', :posting, :'attempt', 'alipay', 'txn', 100, 100, 'why', 'request-1', :fay_id, 'done', :fred_id, now(), :posting, now(), :posting, now());
insert into xuqi.refund (refund_no, renewal_no, order_no, cause, paid_fen, amount_fen, reason, request_key, asked_by) values (:'second', :'no', :'order_no', 'staff', 100, 100, 'why', 'request-2', :fay_id);
insert into xuqi.refund (refund_no, renewal_no, order_no, cause, paid_fen, amount_fen, reason, retry_of) values (:'third', :'no', :'order_no', 'surplus', 100, 100, 'why', :'first');
insert into xuqi.resolution (id, kind, number, happened, gateway_txn, evidence, said_by) overriding system value values (901, 'payment', 'one', true, 'txn', 'seen', :fay_id);
set session_replication_role = origin;
\set asked 'refund_no like ''%R002'''
\set done 'refund_no like ''%R001'''
\set retried 'refund_no like ''%R003'''

select breaks('order_invoice_state_check', 'order', 'invoice_state = ''odd'', invoice_number = ''1''');
select breaks('order_invoice_number_check', 'order', 'invoice_state = ''issued'', invoice_number = repeat(''1'', 41)');
select breaks('order_invoice_number', 'order', 'invoice_state = ''issued''');
select breaks('order_invoice_number', 'order', 'invoice_number = ''1''');
select breaks('refund_refund_no_check', 'refund', format('refund_no = %L', no), :'asked') from unnest(array['', 'R001', :'order_no']) as no;
select breaks('refund_cause_check', 'refund', 'cause = ''mood''', :'asked');
select breaks('refund_paid_fen_check', 'refund', 'paid_fen = 0', :'asked');
select breaks('refund_amount_fen_check', 'refund', 'amount_fen = 0', :'asked');
select breaks('refund_reason_check', 'refund', 'reason = repeat(''x'', 501)', :'asked');
select breaks('refund_questions_check', 'refund', 'questions = -1', :'asked');
select breaks('refund_decision_check', 'refund', 'decision = repeat(''x'', 501)', :'asked');
select breaks('refund_of_a_payment', 'refund', format('%I = null', name), :'done') from unnest(array['payment_id', 'attempt_no', 'gateway', 'gateway_txn']) as name;
select breaks('refund_asked_by_staff', 'refund', 'asked_by = null', :'asked');
select breaks('refund_two_people', 'refund', 'approved_by = asked_by', :'done');
select breaks('refund_decided', 'refund', 'approved_by = null', :'done');
select breaks('refund_reserved', 'refund', 'reserve_id = 1', :'asked');
select breaks('refund_reserved', 'refund', 'reserve_id = null', :'done');
select breaks('refund_reserved', 'refund', 'approved_at = null', :'done');
select breaks('refund_sent', 'refund', 'state = ''failed'', done_id = null, sent_at = null', :'done');
select breaks('refund_by_bank', 'refund', 'state = ''awaiting_payout'', done_id = null, ended_at = null', :'done');
select breaks('refund_done', 'refund', 'done_id = null', :'done');
select breaks('refund_ended', 'refund', 'ended_at = null', :'done');
select breaks('refund_ended', 'refund', 'ended_at = now()', :'asked');
select breaks('refund_renewal_no_fkey', 'refund', 'renewal_no = ''none''', :'asked');
select breaks('refund_order_no_fkey', 'refund', 'order_no = ''none''', :'asked');
select breaks('refund_payment_id_fkey', 'refund', 'payment_id = 999999', :'done');
select breaks('refund_attempt_no_fkey', 'refund', 'attempt_no = ''none''', :'done');
select breaks('refund_retry_of_fkey', 'refund', format('retry_of = %L', :'fourth'), :'retried');
select breaks('refund_asked_by_fkey', 'refund', 'asked_by = 999999', :'asked');
select breaks('refund_approved_by_fkey', 'refund', 'approved_by = 999999', :'done');
select breaks('refund_ended_by_fkey', 'refund', 'ended_by = 999999', :'done');
select breaks('refund_reserve_id_fkey', 'refund', 'reserve_id = 999999', :'done');
select breaks('refund_done_id_fkey', 'refund', 'done_id = 999999', :'done');
select doubles('refund_pkey', 'refund', '{"request_key": "other"}', :'asked');
select doubles('refund_reserve_id_key', 'refund', jsonb_build_object('refund_no', :'fourth', 'request_key', 'other', 'done_id', :invoice), :'done');
select doubles('refund_done_id_key', 'refund', jsonb_build_object('refund_no', :'fourth', 'request_key', 'other', 'reserve_id', :invoice), :'done');
select doubles('refund_requested', 'refund', jsonb_build_object('refund_no', :'fourth'), :'asked');
select doubles('refund_retried', 'refund', jsonb_build_object('refund_no', :'fourth'), :'retried');
select doubles('refund_transition_pkey', 'refund_transition');
select breaks('resolution_kind_check', 'resolution', 'kind = ''weather''');
select breaks('resolution_evidence_check', 'resolution', format('evidence = %L', evidence)) from unnest(array['', repeat('x', 501)]) as evidence;
select breaks('resolution_two_people', 'resolution', 'decided_by = said_by, decided_at = now()');
select breaks('resolution_decided', 'resolution', 'decided_at = now()');
select breaks('resolution_number', 'resolution', 'happened = false');
select breaks('resolution_said_by_fkey', 'resolution', 'said_by = 999999');
select breaks('resolution_decided_by_fkey', 'resolution', 'decided_by = 999999, decided_at = now()');
select doubles('resolution_pkey', 'resolution', '{"number": "two"}');
select doubles('resolution_open', 'resolution', '{"id": 999999}');
-- What pays a refund of a bank transfer: one at a time, and out of its payer's credit.
set session_replication_role = replica;
insert into xuqi.payout_request (id, refund_no, line_id, order_no, fen, payer_credit_id)
    overriding system value select 903, :'second', 1, o.order_no, 100, o.payer_credit_id from xuqi."order" as o where o.order_no = :'order_no';
set session_replication_role = origin;
select doubles('payout_request_refund', 'payout_request', '{"id": 904}', 'id = 903');
select breaks('payout_request_credit', 'payout_request', 'payer_credit_id = null', 'id = 903');
-- What was noted of an invoice.
insert into xuqi.invoice_record (order_no, version, state, number) values (:'order_no', 1, 'issued', '24440001');
select breaks('invoice_record_version_check', 'invoice_record', 'version = 0');
select breaks('invoice_record_state_check', 'invoice_record', 'state = ''odd''');
select breaks('invoice_record_number_check', 'invoice_record', format('number = %L', number)) from unnest(array['', repeat('1', 41)]) as number;
select xuqi.reason_keep('staff:fay', :'no', 'typed wrong') as kept \gset
select breaks('invoice_record_corrects', 'invoice_record', 'corrects = number, reason_id = (select max(id) from xuqi.reason)');
select breaks('invoice_record_why', 'invoice_record', change) from unnest(array['corrects = ''24440009''', 'reason_id = (select max(id) from xuqi.reason)']) as change;
select breaks('invoice_record_order_no_fkey', 'invoice_record', 'order_no = ''none''');
select breaks('invoice_record_reason_id_fkey', 'invoice_record', 'corrects = ''24440009'', reason_id = 999999');
select breaks('invoice_record_recorded_by_fkey', 'invoice_record', 'recorded_by = 999999');
select doubles('invoice_record_pkey', 'invoice_record');
select refused('emptying ' || name, format('delete from xuqi.%I', name)) from unnest(array['refund', 'refund_transition', 'resolution']) as name;
select refused('truncating ' || name, format('truncate xuqi.%I cascade', name)) from unnest(array['refund', 'refund_transition', 'resolution']) as name;
select refused('changing a move', 'update xuqi.refund_transition set occasion = occasion');
select refused('changing what a refund is about', 'update xuqi.refund set amount_fen = 1 where ' || :'asked');
select refused('a resolution of another payment', 'update xuqi.resolution set number = ''two''');
