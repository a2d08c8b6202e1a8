-- SPDX-License-Identifier: Apache-2.0
-- As constraints.sql, of bank statements. The rows are made here, each good in itself.
set search_path = story;
\ir support/refusals.sql

select xuqi.account_open('bank', '6222000011112222') as bank \gset
set session_replication_role = replica;
insert into xuqi.collecting_account (id, bank, account_no, account_name, account_id) overriding system value values (901, 'bank', '6222000011112222', 'ours', :bank);
insert into xuqi.statement_import (id, collecting_account_id, source, format, first_on, last_on, opening_fen, closing_fen, lines_new, lines_known, lines_raised, credits_fen, debits_fen, imported_by)
    overriding system value values (901, 901, 'file', 'csv', '2026-01-01', '2026-01-02', 0, 100, 1, 0, 0, 100, 0, 'story');
insert into xuqi.statement_line (id, collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, kind, reverses_line, fingerprint)
    overriding system value values (901, 901, 901, 'one', '2026-01-01', 'credit', 100, 'ordinary', null, digest('one')),
                                   (902, 901, 901, 'two', '2026-01-02', 'debit', 100, 'reversal', 901, digest('two'));
insert into xuqi.statement_line (id, collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, replaces_line, fingerprint)
    overriding system value values (903, 901, 901, 'three', '2026-01-01', 'credit', 100, 901, digest('three'));
insert into xuqi.statement_change (id, collecting_account_id, import_id, reason, line_id, content, fingerprint)
    overriding system value values (901, 901, 901, 'changed', 901, '{}', digest('changed')), (902, 901, 901, 'unexpected', null, '{}', digest('unexpected')), (903, 901, 901, 'missing', 901, null, digest('missing'));
insert into xuqi.statement_change (id, collecting_account_id, import_id, reason, line_id, content, fingerprint, state, settled_by, settled_at, accepted_line_id)
    overriding system value values (904, 901, 901, 'changed', 901, '{}', digest('accepted'), 'accepted', 'me', now(), 903);
insert into xuqi.statement_upload (id, collecting_account_id, source, format, begun_by) overriding system value values (901, 901, 'file', 'csv', 'story');
insert into xuqi.statement_chunk values (901, 1, '{1}', '{a}', '{1}', '{1}', '{1}', '{1}', '{a}', '{a}', '{a}', '{a}', '{a}', '{a}', '{a}', '{1}', '{a}', array[digest('chunk')]);
set session_replication_role = origin;

select breaks('collecting_account_bank_check', 'collecting_account', 'bank = ''''');
select breaks('collecting_account_account_no_check', 'collecting_account', format('account_no = %L', no)) from unnest(array['1234567', 'abcdefgh', repeat('1', 35)]) as no;
select breaks('collecting_account_account_name_check', 'collecting_account', format('account_name = %L', name)) from unnest(array['', repeat('名', 123)]) as name;
select breaks('collecting_account_currency_check', 'collecting_account', 'currency = ''USD''');
select breaks('collecting_account_account_id_fkey', 'collecting_account', 'account_id = 999999');
select doubles('collecting_account_pkey', 'collecting_account', '{"account_no": "6222000011113333", "account_id": 1}', 'id = 901');
select doubles('collecting_account_account_no_key', 'collecting_account', '{"id": 999999, "account_id": 999998}', 'id = 901');
select doubles('collecting_account_account_id_key', 'collecting_account', '{"id": 999999, "account_no": "6222000011113333"}', 'id = 901');
select breaks('statement_import_source_check', 'statement_import', 'source = ''rumour''', 'id = 901');
select breaks('statement_import_format_check', 'statement_import', 'format = ''''', 'id = 901');
select breaks('statement_import_file_name_check', 'statement_import', 'file_name = repeat(''x'', 256)', 'id = 901');
select breaks('statement_import_file_sha256_check', 'statement_import', 'file_sha256 = ''short''', 'id = 901');
select breaks('statement_import_lines_new_check', 'statement_import', 'lines_new = -1', 'id = 901');
select breaks('statement_import_lines_known_check', 'statement_import', 'lines_known = -1', 'id = 901');
select breaks('statement_import_lines_raised_check', 'statement_import', 'lines_raised = -1', 'id = 901');
select breaks('statement_import_credits_fen_check', 'statement_import', 'credits_fen = -1, closing_fen = -1', 'id = 901');
select breaks('statement_import_debits_fen_check', 'statement_import', 'debits_fen = -1, closing_fen = 101', 'id = 901');
select breaks('statement_import_check', 'statement_import', 'opening_fen = null', 'id = 901');
select breaks('statement_import_check1', 'statement_import', 'closing_fen = 99', 'id = 901');
select breaks('statement_import_check2', 'statement_import', 'first_on = ''2026-01-03''', 'id = 901');
select breaks('statement_import_collecting_account_id_fkey', 'statement_import', 'collecting_account_id = 999999', 'id = 901');
select doubles('statement_import_pkey', 'statement_import', '{}', 'id = 901');
select breaks('statement_line_line_key_check', 'statement_line', format('line_key = %L', key), 'id = 901') from unnest(array['', repeat('k', 201)]) as key;
select breaks('statement_line_direction_check', 'statement_line', 'direction = ''up''', 'id = 901');
select breaks('statement_line_amount_fen_check', 'statement_line', 'amount_fen = ' || amount, 'id = 901') from unnest(array[0, 100000000001]) as amount;
select breaks('statement_line_kind_check', 'statement_line', 'kind = ''odd''', 'id = 901');
select breaks('taken_within_amount', 'statement_line', 'taken_fen = ' || taken, 'id = 901') from unnest(array[-1, 101]) as taken;
select breaks('statement_line_check', 'statement_line', 'reverses_line = 902', 'id = 901');
select breaks('statement_line_fingerprint_check', 'statement_line', 'fingerprint = ''short''', 'id = 901');
select doubles('statement_line_pkey', 'statement_line', '{"line_key": "other"}', 'id = 901');
select doubles('statement_line_collecting_account_id_line_key_key', 'statement_line', '{"id": 999999}', 'id = 901');
select doubles('statement_line_reversed_once', 'statement_line', '{"id": 999999, "line_key": "other"}', 'id = 902');
select breaks('statement_change_reason_check', 'statement_change', 'reason = ''mood'', content = null', 'id = 901');
select breaks('statement_change_fingerprint_check', 'statement_change', 'fingerprint = ''short''', 'id = 901');
select breaks('statement_change_state_check', 'statement_change', 'state = ''odd'', settled_by = ''me'', settled_at = now()', 'id = 901');
select breaks('statement_change_note_check', 'statement_change', 'note = repeat(''x'', 501)', 'id = 901');
select breaks('statement_change_check', 'statement_change', 'line_id = null', 'id = 901');
select breaks('statement_change_check1', 'statement_change', 'content = null', 'id = 901');
select breaks('statement_change_accepted', 'statement_change', 'state = ''accepted'', settled_by = ''me'', settled_at = now()', 'id = 903');
select breaks('statement_change_line', 'statement_change', 'accepted_line_id = 901', 'id = 901');
select breaks('statement_change_accepted_line_id_fkey', 'statement_change', 'state = ''accepted'', settled_by = ''me'', settled_at = now(), accepted_line_id = 999999', 'id = 901');
select doubles('statement_change_accepted_line_id_key', 'statement_change', '{"id": 999999, "fingerprint": "\\x0000000000000000000000000000000000000000000000000000000000000000"}', 'accepted_line_id is not null');
select breaks('statement_line_replaces', 'statement_line', 'replaces_line = 901', 'id = 902');
select refused('a line that replaces none', $$ insert into xuqi.statement_line (collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, replaces_line, fingerprint)
               values (901, 901, 'replaces none', '2026-01-01', 'credit', 1, 999999, story.digest('none')) $$, '23503');
select doubles('statement_line_replaces_line_key', 'statement_line', '{"id": 999999, "line_key": "other"}', 'id = 903');
select breaks('statement_change_check3', 'statement_change', 'state = ''dismissed''', 'id = 901');
select breaks('statement_change_check3', 'statement_change', 'settled_by = ''me'', settled_at = now()', 'id = 901');
select breaks('statement_change_collecting_account_id_fkey', 'statement_change', 'collecting_account_id = 999999', 'id = 901');
select breaks('statement_change_import_id_fkey', 'statement_change', 'import_id = 999999', 'id = 901');
select breaks('statement_change_line_id_fkey', 'statement_change', 'line_id = 999999', 'id = 901');
select doubles('statement_change_pkey', 'statement_change', jsonb_build_object('fingerprint', digest('other')), 'id = 901');
select doubles('statement_change_once', 'statement_change', '{"id": 999999}', 'id = 901');
select breaks('statement_upload_source_check', 'statement_upload', 'source = ''rumour''');
select breaks('statement_upload_collecting_account_id_fkey', 'statement_upload', 'collecting_account_id = 999999');
select doubles('statement_upload_pkey', 'statement_upload');
select breaks('statement_chunk_number_check', 'statement_chunk', 'number = 0');
select breaks('statement_chunk_places_check', 'statement_chunk', 'places = ''{}'', line_keys = ''{}'', days = ''{}'', times_us = ''{}'', movements_fen = ''{}'', balances_fen = ''{}'',
    payer_accounts = ''{}'', payer_names = ''{}'', payer_banks = ''{}'', remarks = ''{}'', bank_refs = ''{}'', kinds = ''{}'', reverses = ''{}'', payer_digits = ''{}'', payer_normal = ''{}'', fingerprints = ''{}''');
select breaks('statement_chunk_check', 'statement_chunk', format('%I = ''{}''', name))
  from unnest(array['line_keys', 'days', 'times_us', 'movements_fen', 'balances_fen', 'payer_accounts', 'payer_names', 'payer_banks', 'remarks', 'bank_refs', 'kinds', 'reverses']) as name;
select breaks('statement_chunk_made', 'statement_chunk', format('%I = ''{}''', name)) from unnest(array['payer_digits', 'payer_normal', 'fingerprints']) as name;
select breaks('statement_chunk_upload_id_fkey', 'statement_chunk', 'upload_id = 999999');
select doubles('statement_chunk_pkey', 'statement_chunk');
select refused('emptying ' || name, format('delete from xuqi.%I', name)) from unnest(array['collecting_account', 'statement_import', 'statement_line', 'statement_change']) as name;
select refused('truncating ' || name, format('truncate xuqi.%I cascade', name)) from unnest(array['collecting_account', 'statement_import', 'statement_line', 'statement_change']) as name;
select refused('changing an import', 'update xuqi.statement_import set format = format');
select refused('changing what a change said', 'update xuqi.statement_change set reason = reason, raised_at = raised_at - interval ''1 s''');
