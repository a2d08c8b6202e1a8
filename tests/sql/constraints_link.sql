-- SPDX-License-Identifier: Apache-2.0
-- As constraints.sql, of what is read through a bank's link. The rows are made here, each good in itself.
set search_path = story;
\ir support/refusals.sql
select xuqi.collecting_account_publish('{中信银行,工商银行}', '{7443900182600096874,4000020309200123456}', '{某CA,某CA}') \gset
select id as ours from xuqi.collecting_account order by id limit 1 \gset
set session_replication_role = replica;
insert into xuqi.statement_link (collecting_account_id, bank, interval_s, success_at, read_to, balance_fen) values (:ours, 'citic', 600, now(), '2026-11-21', 1), (:ours + 1, 'other', 600, null, null, null);
insert into xuqi.statement_run (collecting_account_id, first_day, last_day, upload_id) values (:ours, '2026-11-20', '2026-11-21', 1);
insert into xuqi.statement_run_seen (run_id, number) select id, 'one' from xuqi.statement_run;
set session_replication_role = origin;

select breaks('statement_link_bank_check', 'statement_link', 'bank = ''''');
select breaks('statement_link_interval_s_check', 'statement_link', 'interval_s = 0');
select breaks('statement_link_check', 'statement_link', change) from unnest(array['success_at = null', 'read_to = null']) as change;
select breaks('statement_link_collecting_account_id_fkey', 'statement_link', 'collecting_account_id = 999999', 'bank = ''other''');
select doubles('statement_link_pkey', 'statement_link');
select breaks('statement_run_state_check', 'statement_run', 'state = ''lost''');
select breaks('statement_run_check', 'statement_run', 'last_day = ''2026-11-19''');
select breaks('statement_run_check1', 'statement_run', change) from unnest(array['ended_at = now()', 'state = ''failed''']) as change;
select breaks('statement_run_check2', 'statement_run', 'import_id = 1');
select breaks('statement_run_pages_check', 'statement_run', 'pages = -1');
select breaks('statement_run_records_check', 'statement_run', 'records = -1');
select breaks('statement_run_calls_check', 'statement_run', 'calls = -1');
select breaks('statement_run_faults_check', 'statement_run', 'faults = -1');
select breaks('statement_run_rereads_check', 'statement_run', 'rereads = -1');
select breaks('statement_run_restarts_check', 'statement_run', 'restarts = -1');
select breaks('statement_run_collecting_account_id_fkey', 'statement_run', 'collecting_account_id = 999999');
select breaks('statement_run_import_id_fkey', 'statement_run', 'state = ''done'', ended_at = now(), import_id = 999999');
select doubles('statement_run_pkey', 'statement_run', '{"state": "done", "ended_at": "2026-11-21"}');
select doubles('statement_run_open', 'statement_run', '{"id": 2}');
select breaks('statement_run_seen_run_id_fkey', 'statement_run_seen', 'run_id = 999999');
select doubles('statement_run_seen_pkey', 'statement_run_seen');
