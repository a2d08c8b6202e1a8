-- SPDX-License-Identifier: Apache-2.0
-- The applicant has read the code in the remark of what arrived. It counts from the moment the payout is with the bank:
-- whoever reads it has the account. Compared as keyed hashes. Safe to call again: the right code answers as it did.
-- Outcomes: confirmed, account_code_wrong (tries_left are left), account_tries_used, account_code_expired,
-- account_not_paid (nothing was sent, or it failed), account_unexpected (no code is asked for here), renewal_unknown,
-- renewal_state.
create or replace function xuqi.account_confirm(
    in_renewal_no text, in_code_digest bytea, in_tries bigint,
    out outcome text, out status text, out tries_left bigint)
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
     where renewal_no = in_renewal_no and purpose = 'verification' order by number desc limit 1 for update;
    status := r.status::text;
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when v.renewal_no is null then 'renewal_state'
                    when v.proof = 'code' and last.code_digest = in_code_digest then 'confirmed'
                    when r.status <> 'awaiting_account' then 'renewal_state'
                    when v.reason = 'tries_used' then 'account_tries_used'
                    when v.reason = 'expired' or v.state = 'confirming' and v.expires_at <= now() then 'account_code_expired'
                    when v.state not in ('paying', 'confirming') or last.state not in ('sent', 'paid') then 'account_not_paid'
                    when v.mode <> 'code_entry' then 'account_unexpected' end;
    if outcome is not null then
        return;
    end if;
    if last.code_digest = in_code_digest then
        perform account_pass(in_renewal_no, 'code', 'applicant');
        status := 'awaiting_install';
        outcome := 'confirmed';
        return;
    end if;
    update payout set tries = tries + 1 where client_id = last.client_id;
    update renewal set version = version where renewal_no = in_renewal_no;
    insert into audit_event (actor, action, object, detail)
    values ('applicant', 'account.code_wrong', in_renewal_no, last.client_id);
    tries_left := in_tries - last.tries - 1;
    outcome := 'account_code_wrong';
    if tries_left <= 0 then
        tries_left := null;
        perform account_fail(in_renewal_no, 'tries_used');
        outcome := 'account_tries_used';
    end if;
end
$$;
