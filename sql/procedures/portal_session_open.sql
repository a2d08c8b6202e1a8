-- SPDX-License-Identifier: Apache-2.0
-- Ends a login with a password: a session, or a counted failure. A locked account or address is answered login_locked
-- whatever the password was, known or not, so that nothing is learnt from it. An address may fail four times as often:
-- companies share one. in_typed: a keyed hash of what was typed, to count for an account that does not exist. The password
-- hash that was verified must still be the account's.
-- Outcomes: opened, portal_login_refused, login_locked. The failure rows are what portal_login_refused means.
create or replace function xuqi.portal_session_open(
    in_account_id bigint, in_password_hash text, in_typed bytea, in_address text, in_accepted boolean,
    in_token_digest bytea, in_idle_s bigint, in_absolute_s bigint, in_attempts_limit bigint, in_lock_s bigint,
    out outcome text, out name text, out mobile_masked text, out proof text, out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    account_mark bytea := case when in_account_id is null then in_typed
                               else fingerprint('portal account', in_account_id::text) end;
    account      portal_account;
begin
    if login_locked('portal_account', account_mark, 'portal_address', in_address, in_attempts_limit, in_attempts_limit * 4, in_lock_s) then
        outcome := 'login_locked';
        return;
    end if;
    select * into account from portal_account as a
     where a.id = in_account_id and a.password_hash = in_password_hash and a.status = 'active' and in_accepted for share;
    if not found then
        perform login_failed('portal_account', account_mark, 'portal_address', in_address,
                             'portal', 'portal.refuse', coalesce('account:' || in_account_id, 'unknown'));
        outcome := 'portal_login_refused';
        return;
    end if;
    delete from login_failure where kind = 'portal_account' and subject = account_mark;
    expires_at := portal_session_begin(account.id, 'portal_account', in_token_digest, in_idle_s, in_absolute_s);
    outcome := 'opened';
    name := account.name;
    mobile_masked := account.mobile_masked;
    proof := 'portal_account';
end
$$;
