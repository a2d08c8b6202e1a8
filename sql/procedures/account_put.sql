-- SPDX-License-Identifier: Apache-2.0
-- The applicant corrects where the 0.01 yuan goes, or asks for it once more: another payout with another code, unless one
-- is under way. Before it was sent the correction goes into it. Safe to call again: the same account is paid once.
-- in_payouts: per renewal; in_per_account: of this account for life.
-- Outcomes: paying, payout_pending (what became of the last one is not known yet), account_payouts_used, account_limit,
-- renewal_unknown, renewal_state.
create or replace function xuqi.account_put(
    in_renewal_no text, in_account_sealed bytea, in_account_index bytea, in_payee_index bytea, in_account_masked text,
    in_payouts bigint, in_per_account bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r    renewal;
    v    account_verification;
    last payout;
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    select * into v from account_verification where renewal_no = in_renewal_no for update;
    select * into last from payout
     where renewal_no = in_renewal_no and purpose = 'verification' order by number desc limit 1;
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when r.status <> 'awaiting_account' or v.renewal_no is null then 'renewal_state'
                    when v.state = 'paying' and v.account_index = in_account_index then 'paying'
                    when last.state = 'sent' then 'payout_pending'
                    when (select count(*) from payout where payee_index = in_payee_index and sent_at is not null)
                         >= in_per_account then 'account_limit'
                    when last.state <> 'queued' and v.payouts >= in_payouts then 'account_payouts_used' end;
    if outcome is not null then
        return;
    end if;
    update account_verification
       set account_sealed = in_account_sealed, account_index = in_account_index, account_masked = in_account_masked
     where renewal_no = in_renewal_no;
    if last.state <> 'queued' then
        perform payout_queue(in_renewal_no);
    elsif v.state = 'failed' then
        -- Codes were guessed while it was thought to be with the bank: it goes out with another one.
        update account_verification
           set state = 'paying', reason = '', since = now(), remind_at = null, reminders = 0
         where renewal_no = in_renewal_no;
        update payout set tries = 0 where client_id = last.client_id;
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('applicant', 'account.correct', in_renewal_no, in_account_masked);
    outcome := 'paying';
end
$$;
