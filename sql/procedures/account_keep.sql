-- SPDX-License-Identifier: Apache-2.0
-- The timers of account verifications, in_batch of each: codes whose time is over, payouts that have not come back for long
-- enough, reminders (three, three days apart; afterwards the audit trail says that a person should call). Internal, part
-- of housekeeping.
create or replace function xuqi.account_keep(in_batch bigint) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    due record;
    v   account_verification;
begin
    for due in
        select r.renewal_no, r.status from renewal as r join account_verification as a on a.renewal_no = r.renewal_no
         where a.expires_at < now() order by a.expires_at limit in_batch for update of r skip locked
    loop
        select * into v from account_verification where renewal_no = due.renewal_no for update;
        if v.state = 'confirming' and v.expires_at < now() then
            if due.status <> 'awaiting_account' then
                update account_verification
                   set state = 'failed', reason = 'expired', expires_at = null, remind_at = null
                 where renewal_no = due.renewal_no;
            elsif v.mode = 'payout_success' then
                perform account_pass(due.renewal_no, 'payout', 'system');
            else
                perform account_fail(due.renewal_no, 'expired');
            end if;
        end if;
    end loop;
    for due in
        select r.renewal_no, r.status from renewal as r join account_verification as a on a.renewal_no = r.renewal_no
         where a.remind_at < now() order by a.remind_at limit in_batch for update of r skip locked
    loop
        update account_verification
           set reminders = case due.status when 'awaiting_account' then reminders + 1 else reminders end,
               remind_at = case when due.status = 'awaiting_account' and reminders < 2 then now() + interval '3 days' end
         where renewal_no = due.renewal_no and remind_at < now()
        returning * into v;
        if found and due.status = 'awaiting_account' then
            perform enqueue('message', 'account-reminder', due.renewal_no, v.payouts || '.' || v.state || '.' || v.reminders);
            insert into audit_event (actor, action, object, detail)
            values ('system', case when v.remind_at is null then 'account.overdue' else 'account.remind' end,
                    due.renewal_no, v.reminders::text);
        end if;
    end loop;
    delete from bank_quota where slot < now() - interval '1 day';
end
$$;
