-- SPDX-License-Identifier: Apache-2.0
-- An account could not be verified, and why: the applicant is told what to do, and reminded. A renewal that waited for
-- its certificate waits for its account again. The caller holds the row's lock. Internal.
create or replace function xuqi.account_fail(in_renewal_no text, in_reason text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    times bigint;
begin
    update account_verification
       set state = 'failed', reason = in_reason, proof = '', since = now(), expires_at = null,
           remind_at = now() + interval '3 days', reminders = 0
     where renewal_no = in_renewal_no
    returning payouts into strict times;
    update renewal set status = 'awaiting_account'
     where renewal_no = in_renewal_no and status = 'awaiting_install';
    perform enqueue('message', 'account-failed', in_renewal_no, times || ' ' || in_reason);
    insert into audit_event (actor, action, object, detail)
    values ('system', 'account.fail', in_renewal_no, in_reason);
end
$$;
