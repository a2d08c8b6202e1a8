-- SPDX-License-Identifier: Apache-2.0
-- An account verification goes on with what became of its payout, if it waits for that one: paid, its code counts for
-- in_code_days, or (payout_success) it is proof when it has not come back for in_success_days working days; failed, the
-- applicant is told. One that is proven otherwise by now stays so. Internal.
create or replace function xuqi.account_follow(in_client_id text, in_code_days bigint, in_success_days bigint)
returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    it payout;
    v  account_verification;
begin
    select * into strict it from payout where client_id = in_client_id;
    select * into v from account_verification where renewal_no = it.renewal_no for update;
    if v.state is distinct from 'paying' or v.payouts <> it.number or it.failure = 'not_needed'
       or not exists (select from renewal where renewal_no = it.renewal_no and status = 'awaiting_account') then
        return;
    end if;
    if it.state = 'failed' then
        perform account_fail(it.renewal_no, it.failure);
    elsif v.mode = 'payout_success' and in_success_days = 0 then
        perform account_pass(it.renewal_no, 'payout', 'jobs');
    else
        update account_verification
           set state = 'confirming', since = now(),
               expires_at = case v.mode when 'payout_success' then working_days_after(now(), in_success_days)
                                        else now() + make_interval(days => in_code_days::integer) end,
               remind_at = case v.mode when 'payout_success' then null else now() + interval '3 days' end
         where renewal_no = it.renewal_no;
        if v.mode <> 'payout_success' then
            perform enqueue('message', 'account-paid', it.renewal_no, it.number::text);
        end if;
    end if;
end
$$;
