-- SPDX-License-Identifier: Apache-2.0
-- A payout goes to the bank now: written down before the bank is called, with its cost in the ledger, so that from here
-- on nobody sends it again. The code is known here by its salt and its keyed hash only.
-- Outcomes: send (call the bank, once), later (the hour's calls or the day's budget are used up: in a minute, tomorrow),
-- account_limit (a verification's: this account was paid as often as is allowed for life: failed), not_needed (the renewal does not wait
-- for it any more), stale (somebody else holds it, or it is sent).
create or replace function xuqi.payout_send(
    in_id bigint, in_lease_token bigint, in_client_id text, in_bank text, in_from_account text, in_payee_sealed bytea,
    in_payee_index bytea, in_payee_masked text, in_payee_bank_code text, in_code_salt bytea, in_code_digest bytea,
    in_mode text, in_per_account bigint, in_per_hour bigint, in_daily_budget_fen bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    it     payout := payout_task(in_id, in_lease_token, in_client_id);
    booked boolean := exists (select from posting where event_type = 'payout' and event_key = in_client_id);
begin
    if it.client_id is null or it.state <> 'queued' then
        outcome := 'stale';
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended(encode(in_payee_index, 'hex'), 30));
    outcome := case
        when it.purpose = 'verification'
             and not exists (select from renewal where renewal_no = it.renewal_no and status = 'awaiting_account')
        then 'not_needed'
        when it.purpose = 'repayment' and in_from_account <> it.from_account then 'stale' -- another bank's
        when it.purpose = 'verification' and (select count(*) from payout where payee_index = in_payee_index and sent_at is not null
                                            and client_id <> in_client_id) >= in_per_account then 'account_limit'
        when not bank_quota_take('movement', in_per_hour) then 'hour'
        when not booked and not payout_budget_take(it.purpose, it.amount_fen, in_daily_budget_fen) then 'budget'
        else 'send' end;
    if outcome in ('hour', 'budget') then
        perform payout_later(in_id, case outcome when 'hour' then clock_timestamp() + interval '1 minute'
            else (date_trunc('day', beijing(clock_timestamp())) + interval '1 day') at time zone 'Asia/Shanghai' end,
            outcome);
        outcome := 'later';
        return;
    end if;
    if outcome = 'stale' then
        return;
    elsif outcome <> 'send' then
        perform payout_end(in_client_id, 'failed', outcome, '');
        return;
    end if;
    perform payout_book(it, 'jobs');
    update payout
       set state = 'sent', sent_at = clock_timestamp(), bank = in_bank, from_account = in_from_account, payee_sealed = in_payee_sealed,
           payee_index = in_payee_index, payee_masked = in_payee_masked, payee_bank_code = in_payee_bank_code,
           code_salt = in_code_salt, code_digest = in_code_digest
     where client_id = in_client_id;
    update payout_request set state = 'sent' where id = it.request_id;
    update account_verification set mode = in_mode, account_masked = in_payee_masked where renewal_no = it.renewal_no;
    insert into audit_event (actor, action, object, detail) values ('jobs', 'payout.send', payout_subject(it), in_client_id);
end
$$;
