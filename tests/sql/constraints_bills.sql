-- SPDX-License-Identifier: Apache-2.0
-- As constraints.sql, of the gateways' bills and what does not agree with them. The rows are made here, each good in itself.
set search_path = story;
\ir support/refusals.sql

select hire('fay', array['finance']) as fay \gset
select id as fay_id from xuqi.staff where name = 'fay' \gset
select renewal_in('awaiting_payment', 'one') as no \gset
select min(id) as posting from xuqi.posting \gset
set session_replication_role = replica;
insert into xuqi.bill_file (id, rail, day, digest, size, source, actor) overriding system value values (901, 'alipay', '2026-01-01', digest('file'), 9, 'fetched', 'story');
insert into xuqi.bill_piece (file_id, number, data) values (901, 0, 'piece');
insert into xuqi.bill_row (rail, day, kind, gateway_id, payment_txn, attempt_no, refund_no, amount_fen, fee_millifen, at, status, line, file_id)
    values ('alipay', '2026-01-01', 'payment', 'one', 'one', '', '', 100, 60, now(), 'paid', 1, 901);
insert into xuqi.bill_day (rail, day) values ('alipay', '2026-01-01');
insert into xuqi.match_difference (id, rail, day, class, kind, gateway_id, action, state, owner_id) overriding system value values (901, 'alipay', '2026-01-01', 'long', 'payment', 'one', 'person', 'open', :fay_id);
insert into xuqi.settlement (id, rail, day, amount_fen, reference, arrived_on, posting_id, staff_id) overriding system value values (901, 'alipay', '2026-01-01', 100, 'line', '2026-01-02', :posting, :fay_id);
set session_replication_role = origin;

select breaks('bill_file_rail_check', 'bill_file', format('rail = %L', rail)) from unnest(array['', 'ab', 'Alipay', repeat('a', 17)]) as rail;
select breaks('bill_file_digest_check', 'bill_file', 'digest = ''short''');
select breaks('bill_file_size_check', 'bill_file', 'size = 0');
select breaks('bill_file_source_check', 'bill_file', 'source = ''found''');
select breaks('bill_file_state_check', 'bill_file', 'state = ''odd''');
select breaks('bill_file_check', 'bill_file', 'state = ''loaded''');
select breaks('bill_file_check', 'bill_file', 'loaded_at = now()');
select breaks('bill_file_check1', 'bill_file', 'state = ''refused''');
select breaks('bill_file_check1', 'bill_file', 'fault = ''bad''');
select doubles('bill_file_pkey', 'bill_file', '{"day": "2026-01-02"}');
select doubles('bill_file_rail_day_digest_key', 'bill_file', '{"id": 999999}');
select breaks('bill_piece_number_check', 'bill_piece', 'number = -1');
select breaks('bill_piece_data_check', 'bill_piece', 'data = ' || data) from unnest(array['''''', 'convert_to(repeat(''x'', 1048577), ''UTF8'')']) as data;
select breaks('bill_piece_file_id_fkey', 'bill_piece', 'file_id = 999999');
select doubles('bill_piece_pkey', 'bill_piece');
select breaks('bill_row_kind_check', 'bill_row', 'kind = ''gift''');
select breaks('bill_row_gateway_id_check', 'bill_row', 'gateway_id = ''''');
select breaks('bill_row_amount_fen_check', 'bill_row', 'amount_fen = ' || amount) from unnest(array[-1, 100000000001]) as amount;
select doubles('bill_row_pkey', 'bill_row');
select breaks('bill_day_state_check', 'bill_day', 'state = ''odd''');
select breaks('bill_day_check', 'bill_day', 'state = ''loaded''');
select breaks('bill_day_check', 'bill_day', 'file_id = 901');
select breaks('bill_day_file_id_fkey', 'bill_day', 'file_id = 999999, state = ''loaded''');
select doubles('bill_day_pkey', 'bill_day');
select breaks('match_difference_class_check', 'match_difference', 'class = ''odd''');
select breaks('match_difference_kind_check', 'match_difference', 'kind = ''gift''');
select breaks('match_difference_action_check', 'match_difference', 'action = ''pray''');
select breaks('match_difference_state_check', 'match_difference', 'state = ''odd''');
select breaks('match_difference_check', 'match_difference', 'closed_at = now()');
select breaks('match_difference_check', 'match_difference', 'state = ''settled''');
select breaks('match_difference_check1', 'match_difference', 'resolved_by = owner_id, reason = ''because''');
select breaks('match_difference_check2', 'match_difference', 'action = ''wait''');
select breaks('match_difference_reason_check', 'match_difference', 'reason = ''x''');
select breaks('match_difference_answer', 'match_difference', 'asked_at = now(), answered_at = now(), answer = ''perhaps''');
select breaks('match_difference_answered', 'match_difference', 'answer = ''paid''');
select breaks('match_difference_answered', 'match_difference', 'asked_at = now(), answered_at = now()');
select breaks('match_difference_asked', 'match_difference', 'answer = ''paid'', answered_at = now()');
select breaks('match_difference_owner_id_fkey', 'match_difference', 'owner_id = 999999');
select breaks('match_difference_resolved_by_fkey', 'match_difference', 'resolved_by = 999999, reason = ''because'', state = ''resolved'', closed_at = now()');
select breaks('match_difference_changed_by_fkey', 'match_difference', 'changed_by = 999999, changed_at = now()');
select doubles('match_difference_pkey', 'match_difference', '{"gateway_id": "two"}');
select doubles('match_difference_rail_kind_gateway_id_key', 'match_difference', '{"id": 999999}');
select breaks('settlement_amount_fen_check', 'settlement', 'amount_fen = 0');
select breaks('settlement_reference_check', 'settlement', format('reference = %L', reference)) from unnest(array['', repeat('r', 65)]) as reference;
select breaks('settlement_line_id_fkey', 'settlement', 'line_id = 999999');
select breaks('settlement_posting_id_fkey', 'settlement', 'posting_id = 999999');
select breaks('settlement_staff_id_fkey', 'settlement', 'staff_id = 999999');
select doubles('settlement_pkey', 'settlement', '{"posting_id": 999002, "reference": "two"}');
select doubles('settlement_posting_id_key', 'settlement', '{"id": 999999, "reference": "two"}');
select doubles('settlement_rail_reference_key', 'settlement', '{"id": 999999, "posting_id": 999002}');
set session_replication_role = replica;
update xuqi.settlement set line_id = 5;
set session_replication_role = origin;
select doubles('settlement_line_id_key', 'settlement', '{"id": 999999, "posting_id": 999002, "reference": "two"}');
select refused('emptying ' || name, format('delete from xuqi.%I', name)) from unnest(array['bill_file', 'bill_piece', 'bill_row', 'bill_day', 'match_difference', 'settlement']) as name;
select refused('truncating ' || name, format('truncate xuqi.%I cascade', name)) from unnest(array['bill_file', 'bill_piece', 'bill_row', 'bill_day', 'match_difference', 'settlement']) as name;
select refused('changing ' || name, format('update xuqi.%1$I set %2$I = %2$I', name, col)) from (values ('bill_piece', 'number'), ('bill_row', 'line'), ('settlement', 'rail')) as v (name, col);
select refused('changing what a difference is about', 'update xuqi.match_difference set gateway_id = ''two''');
