-- SPDX-License-Identifier: Apache-2.0
-- As constraints.sql, of payouts and account verifications. The rows are made here, each good in itself.
set search_path = story;
\ir support/refusals.sql

select renewal_in('awaiting_payment', 'one') as no, renewal_in('awaiting_payment', 'two') as other \gset
set session_replication_role = replica;
insert into xuqi.payout (client_id, purpose, renewal_no, number, amount_fen, state, bank, from_account, payee_index, sent_at)
    values ('P1', 'verification', :'no', 1, 1, 'sent', 'bank', 'ours', digest('payee'), now());
insert into xuqi.account_verification (renewal_no, state, mode, expires_at) values (:'no', 'confirming', 'code_entry', now());
insert into xuqi.payout_budget (day, purpose, budget_fen, used_fen) values ('2026-01-01', 'verification', 100, 1);
insert into xuqi.bank_quota (kind, slot, used) values ('query', now(), 1);
set session_replication_role = origin;

select breaks('payout_client_id_check', 'payout', format('client_id = %L', id)) from unnest(array['', 'with-dash', repeat('P', 21)]) as id;
select breaks('payout_purpose_check', 'payout', 'purpose = ''fun''');
select breaks('payout_number_check', 'payout', 'number = ' || number) from unnest(array[0, 100]) as number;
select breaks('payout_amount_fen_check', 'payout', 'amount_fen = 0');
select breaks('payout_verification', 'payout', 'amount_fen = 2');
select breaks('payout_state_check', 'payout', 'state = ''odd'', failure = ''not_needed''');
select breaks('payout_payee_index_check', 'payout', 'payee_index = ''short''');
select breaks('payout_code_salt_check', 'payout', 'code_salt = ''short''');
select breaks('payout_code_digest_check', 'payout', 'code_digest = ''short''');
select breaks('payout_tries_check', 'payout', 'tries = ' || tries) from unnest(array[-1, 100]) as tries;
select breaks('payout_failure', 'payout', 'failure = ''mood''');
select breaks('payout_asked_check', 'payout', 'asked = -1');
select breaks('payout_sent', 'payout', change) from unnest(array['sent_at = null', 'payee_index = null', 'bank = ''''', 'from_account = ''''']) as change;
select breaks('payout_settled', 'payout', 'settled_at = now()');
select breaks('payout_settled', 'payout', 'state = ''paid''');
select breaks('payout_returned', 'payout', 'returned_at = now(), return_evidence = ''line''');
select breaks('payout_returned', 'payout', 'return_evidence = ''line''');
select breaks('payout_failed', 'payout', 'state = ''failed'', settled_at = now()');
select breaks('payout_renewal_no_fkey', 'payout', 'renewal_no = ''none''');
select doubles('payout_pkey', 'payout', jsonb_build_object('renewal_no', :'other'));
select doubles('payout_renewal_no_purpose_number_key', 'payout', '{"client_id": "P2", "state": "paid", "settled_at": "2026-01-01"}');
select doubles('payout_open', 'payout', '{"client_id": "P2", "number": 2}');
select breaks('account_verification_state_check', 'account_verification', 'state = ''odd'', expires_at = null');
select breaks('account_verification_mode_check', 'account_verification', 'mode = ''shout''');
select breaks('account_verification_reason', 'account_verification', 'state = ''failed'', reason = ''mood'', expires_at = null');
select breaks('account_verification_proof_check', 'account_verification', 'state = ''passed'', proof = ''smile'', expires_at = null');
select breaks('account_verification_payouts_check', 'account_verification', 'payouts = ' || n) from unnest(array[-1, 100]) as n;
select breaks('account_verification_account_index_check', 'account_verification', 'account_index = ''short''');
select breaks('account_verification_reminders_check', 'account_verification', 'reminders = ' || n) from unnest(array[-1, 4]) as n;
select breaks('account_verification_check', 'account_verification', 'reason = ''expired''');
select breaks('account_verification_check1', 'account_verification', 'proof = ''code''');
select breaks('account_verification_check2', 'account_verification', 'expires_at = null');
select breaks('account_verification_renewal_no_fkey', 'account_verification', 'renewal_no = ''none''');
select doubles('account_verification_pkey', 'account_verification');
select breaks('payout_budget_budget_fen_check', 'payout_budget', 'budget_fen = -1');
select breaks('payout_budget_used_fen_check', 'payout_budget', 'used_fen = -1');
select breaks('payout_budget_kept', 'payout_budget', 'used_fen = 101');
select doubles('payout_budget_pkey', 'payout_budget');
select breaks('bank_quota_kind_check', 'bank_quota', 'kind = ''prayer''');
select breaks('bank_quota_used_check', 'bank_quota', 'used = 0');
select doubles('bank_quota_pkey', 'bank_quota');
select refused('emptying ' || name, format('delete from xuqi.%I', name)) from unnest(array['payout', 'account_verification']) as name;
select refused('truncating ' || name, format('truncate xuqi.%I cascade', name)) from unnest(array['payout', 'account_verification']) as name;
select refused('changing what a payout is', 'update xuqi.payout set number = 2');

-- Money that goes back.
select renewal_in('awaiting_payment', 'three') as third \gset
set session_replication_role = replica;
insert into xuqi.finance_request (request_key, kind, fen, reason, state, asked_by, two_people) values ('key-of-one', 'return', 5, 'x', 'asked', 1, true) returning id as request \gset
insert into xuqi.payout_request (request_id, line_id, fen, posting_id) values (:request, 1, 5, 1) returning id as back \gset
update xuqi.payout set client_id = 'Q1', purpose = 'repayment', renewal_no = null, request_id = :back, payee_index = null, export_key = 'export-one', amount_fen = 5, line_id = 1, returned_line_id = 2 where client_id = 'P1';
set session_replication_role = origin;
select breaks('payout_subject', 'payout', change) from unnest(array[format('renewal_no = %L', :'third'), 'request_id = null', 'purpose = ''verification'', amount_fen = 1, payee_index = digest(''x''), export_key = null']) as change;
select breaks('payout_exported', 'payout', 'state = ''queued''');
select breaks('payout_export_key_check', 'payout', 'export_key = ''short''');
select breaks('payout_request_id_fkey', 'payout', 'request_id = 999999');
select breaks('payout_line_id_fkey', 'payout', 'line_id = 999999, returned_line_id = null');
select breaks('payout_returned_line_id_fkey', 'payout', 'returned_line_id = 999999, line_id = null');
select doubles('payout_request_id_key', 'payout', '{"client_id": "Q2", "line_id": null, "returned_line_id": null}');
select doubles('payout_line_id_key', 'payout', format('{"client_id": "Q2", "request_id": null, "purpose": "verification", "amount_fen": 1, "number": 2, "export_key": null, "returned_line_id": null, "renewal_no": "%s", "payee_index": "\\x%s"}', :'third', repeat('00', 32))::jsonb);
select doubles('payout_returned_line_id_key', 'payout', format('{"client_id": "Q2", "request_id": null, "purpose": "verification", "amount_fen": 1, "number": 2, "export_key": null, "line_id": null, "renewal_no": "%s", "payee_index": "\\x%s"}', :'third', repeat('00', 32))::jsonb);
