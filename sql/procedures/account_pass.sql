-- SPDX-License-Identifier: Apache-2.0
-- The account is the organisation's: the renewal waits for its certificate to be fetched. in_proof: code, payout,
-- transfer. The caller holds the row's lock and knows that it awaits this. Internal.
create or replace function xuqi.account_pass(in_renewal_no text, in_proof text, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    times bigint;
begin
    update account_verification
       set state = 'passed', proof = in_proof, reason = '', since = now(), expires_at = null, remind_at = null
     where renewal_no = in_renewal_no
    returning payouts into strict times;
    update renewal set status = 'awaiting_install'
     where renewal_no = in_renewal_no and status = 'awaiting_account';
    if found then
        perform enqueue('message', 'approved', in_renewal_no, 'account ' || times);
    end if;
    insert into audit_event (actor, action, object, detail) values (in_actor, 'account.pass', in_renewal_no, in_proof);
end
$$;
