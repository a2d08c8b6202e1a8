-- SPDX-License-Identifier: Apache-2.0
-- As constraints.sql, of bank transfers that are declared, matched, asked about and paid back. The rows are made here, each
-- good in itself.
set search_path = story;
\ir support/refusals.sql

select renewal_in('awaiting_payment', 'one') as no \gset
select order_no from xuqi.renewal where renewal_no = :'no' \gset
select hire('fay', array['finance']) as fay, hire('fred', array['finance']) as fred \gset
select id as fay_id from xuqi.staff where name = 'fay' \gset
select id as fred_id from xuqi.staff where name = 'fred' \gset
select min(id) as posting, (select payer_credit_id from xuqi."order" limit 1) as credit from xuqi.posting \gset
set session_replication_role = replica;
insert into xuqi.statement_line (id, collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, fingerprint)
    overriding system value values (901, 901, 901, 'one', '2026-01-01', 'credit', 100, digest('one'));
insert into xuqi.declared_transfer (id, renewal_no, order_no, amount_fen, transferred_on, content_index, payer_sealed, payer_account_masked, payer_name_masked, state)
    overriding system value values (901, :'no', :'order_no', 100, '2026-01-01', digest('row'), 'sealed', '6222****', '公司', 'waiting');
insert into xuqi.declared_transfer (id, renewal_no, order_no, amount_fen, transferred_on, content_index, payer_sealed, payer_account_masked, payer_name_masked, state, credited_fen, bank_amount_fen)
    overriding system value values (902, :'no', :'order_no', 100, '2026-01-01', digest('row 2'), 'sealed', '6222****', '公司', 'matched', 100, 100);
insert into xuqi.transfer_match (id, line_id, order_no, renewal_no, declared_id, payer_credit_id, fen, rule, reason, proves, made_by, posting_id)
    values (901, 901, :'order_no', :'no', 902, :credit, 100, 'declared', 'because', false, 'story', :posting);
insert into xuqi.transfer_match (id, line_id, order_no, renewal_no, payer_credit_id, fen, rule, reason, proves, made_by, posting_id, undone_at, undone_by, undo_reason, undo_posting_id)
    values (902, 901, :'order_no', :'no', :credit, 100, 'declared', 'because', false, 'story', 999001, now(), 'me', 'wrong', :posting);
insert into xuqi.posting (id, event_type, event_key, fingerprint, event_at, actor) overriding system value values (901, 'e', 'e', digest('e'), now(), 'story');
insert into xuqi.finance_request (id, request_key, kind, line_id, fen, reason, state, asked_by, decided_by, decided_at, two_people, posting_id)
    overriding system value values (901, 'request-1', 'suspend', 901, 100, 'why', 'done', :fay_id, :fred_id, now(), true, :posting),
                                   (902, 'request-2', 'release', 901, 100, 'why', 'done', :fay_id, :fred_id, now(), true, null);
insert into xuqi.finance_request (id, request_key, kind, fen, reason, state, asked_by, two_people) overriding system value values (903, 'request-3', 'return', 100, 'why', 'asked', :fay_id, true);
update xuqi.finance_request set released_by = 902 where id = 901;
insert into xuqi.payout_request (id, request_id, line_id, fen, posting_id) overriding system value values (901, 901, 901, 100, :posting);
set session_replication_role = origin;

select breaks('order_check2', 'order', 'funded_fen = ' || fen) from unnest(array[-1, 20001]) as fen;
select breaks('declared_transfer_amount_fen_check', 'declared_transfer', 'amount_fen = ' || amount, 'id = 901') from unnest(array[0, 100000000001]) as amount;
select breaks('declared_transfer_content_index_check', 'declared_transfer', 'content_index = ''short''', 'id = 901');
select breaks('declared_transfer_state_check', 'declared_transfer', 'state = ''odd''', 'id = 901');
select breaks('declared_transfer_check', 'declared_transfer', 'credited_fen = null', 'id = 902');
select breaks('declared_transfer_check', 'declared_transfer', 'removed_at = now()', 'id = 902');
select breaks('declared_transfer_check1', 'declared_transfer', 'bank_amount_fen = 100', 'id = 901');
select breaks('declared_transfer_renewal_no_fkey', 'declared_transfer', 'renewal_no = ''none''', 'id = 901');
select breaks('declared_transfer_order_no_fkey', 'declared_transfer', 'order_no = ''none''', 'id = 901');
select doubles('declared_transfer_pkey', 'declared_transfer', jsonb_build_object('content_index', digest('other')), 'id = 901');
select doubles('declared_transfer_once', 'declared_transfer', '{"id": 999999}', 'id = 901');
select breaks('transfer_match_fen_check', 'transfer_match', 'fen = 0', 'id = 901');
select breaks('transfer_match_rule_check', 'transfer_match', 'rule = ''guess''', 'id = 901');
select breaks('transfer_match_reason_check', 'transfer_match', 'reason = ''''', 'id = 901');
select breaks('transfer_match_check', 'transfer_match', 'undone_at = now()', 'id = 901');
select breaks('transfer_match_declared_id_fkey', 'transfer_match', 'declared_id = 999999', 'id = 901');
select breaks('transfer_match_undo_posting_id_fkey', 'transfer_match', 'undo_posting_id = 999999', 'id = 902');
select doubles('transfer_match_pkey', 'transfer_match', '{"declared_id": null, "posting_id": 999002}', 'id = 901');
select doubles('transfer_match_declared_id_key', 'transfer_match', '{"id": 999999, "posting_id": 999002}', 'id = 901');
select doubles('transfer_match_posting_id_key', 'transfer_match', '{"id": 999999, "declared_id": null}', 'id = 901');
select doubles('transfer_match_undo_posting_id_key', 'transfer_match', '{"id": 999999, "posting_id": 999002}', 'id = 902');
create function story.match_with(change jsonb) returns bigint language sql as $$
    insert into xuqi.transfer_match
    select (jsonb_populate_record(m, '{"id": 999999, "declared_id": null, "posting_id": 901}' || change)).* from xuqi.transfer_match as m where id = 901
    returning id
$$;
select refused('a match with ' || change, format('select story.match_with(%L)', change), '23503')
  from unnest(array['{"line_id": 999999}', '{"payer_account_digits": "6222"}', '{"order_no": "none"}', '{"renewal_no": "none"}', '{"payer_credit_id": 0}', '{"posting_id": 999999}']) as change;
begin;
select same('a match of what is there', match_with('{}')::text, '999999');
rollback;
select breaks('finance_request_request_key_check', 'finance_request', format('request_key = %L', key), 'id = 903') from unnest(array['short', 'with spaces', repeat('k', 65)]) as key;
select breaks('finance_request_kind_check', 'finance_request', 'kind = ''wish''', 'id = 903');
select breaks('finance_request_change', 'finance_request', 'kind = ''accept''', 'id = 903');
select breaks('finance_request_change_id_fkey', 'finance_request', 'kind = ''accept'', change_id = 999999', 'id = 903');
select breaks('finance_request_fen_check', 'finance_request', 'fen = 0', 'id = 903');
select breaks('finance_request_reason_check', 'finance_request', 'reason = ''''', 'id = 903');
select breaks('finance_request_state_check', 'finance_request', 'state = ''odd'', decided_by = asked_by, decided_at = now()', 'id = 903');
select breaks('finance_request_check', 'finance_request', 'decided_at = now()', 'id = 903');
select breaks('finance_request_check1', 'finance_request', 'decided_by = asked_by', 'id = 902');
select breaks('finance_request_check2', 'finance_request', 'posting_id = 1', 'id = 903');
select breaks('finance_request_check3', 'finance_request', 'released_by = 901', 'id = 902');
select breaks('finance_request_line_id_fkey', 'finance_request', 'line_id = 999999', 'id = 901');
select breaks('finance_request_order_no_fkey', 'finance_request', 'order_no = ''none''', 'id = 901');
select breaks('finance_request_match_id_fkey', 'finance_request', 'match_id = 999999', 'id = 901');
select breaks('finance_request_asked_by_fkey', 'finance_request', 'asked_by = 999999', 'id = 903');
select breaks('finance_request_decided_by_fkey', 'finance_request', 'decided_by = 999999', 'id = 901');
select breaks('finance_request_posting_id_fkey', 'finance_request', 'posting_id = 999999', 'id = 901');
select breaks('finance_request_released_by_fkey', 'finance_request', 'released_by = 999999', 'id = 901');
select doubles('finance_request_pkey', 'finance_request', '{"request_key": "request-9"}', 'id = 903');
select doubles('finance_request_request_key_key', 'finance_request', '{"id": 999999}', 'id = 903');
select doubles('finance_request_posting_id_key', 'finance_request', '{"id": 999999, "request_key": "request-9", "released_by": null}', 'id = 901');
select doubles('finance_request_released_by_key', 'finance_request', '{"id": 999999, "request_key": "request-9", "posting_id": null}', 'id = 901');
select breaks('payout_request_fen_check', 'payout_request', 'fen = 0');
select breaks('payout_request_state_check', 'payout_request', 'state = ''odd''');
select breaks('payout_request_request_id_fkey', 'payout_request', 'request_id = 999999');
select breaks('payout_request_line_id_fkey', 'payout_request', 'line_id = 999999');
select breaks('payout_request_order_no_fkey', 'payout_request', 'order_no = ''none''');
select breaks('payout_request_posting_id_fkey', 'payout_request', 'posting_id = 999999');
select breaks('payout_request_refund_no_fkey', 'payout_request', 'refund_no = ''none'', request_id = null, posting_id = null, payer_credit_id = 1');
select breaks('payout_request_subject', 'payout_request', 'request_id = null, posting_id = null');
select breaks('payout_request_posting', 'payout_request', 'posting_id = null');
select doubles('payout_request_pkey', 'payout_request', '{"request_id": 902, "posting_id": 999002}');
select doubles('payout_request_request_id_key', 'payout_request', '{"id": 999999, "posting_id": 999002}');
select doubles('payout_request_posting_id_key', 'payout_request', '{"id": 999999, "request_id": 902}');
select refused('emptying ' || name, format('delete from xuqi.%I', name)) from unnest(array['declared_transfer', 'transfer_match', 'finance_request', 'payout_request']) as name;
select refused('truncating ' || name, format('truncate xuqi.%I cascade', name)) from unnest(array['declared_transfer', 'transfer_match', 'finance_request', 'payout_request']) as name;
select refused('changing a match', 'update xuqi.transfer_match set fen = fen + 1 where id = 901');
select refused('changing a request', 'update xuqi.finance_request set fen = fen + 1 where id = 903');
