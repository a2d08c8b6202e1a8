-- SPDX-License-Identifier: Apache-2.0
-- Gives a number that was proved by its code a name and a password, and opens a session. Who has only ever logged in by
-- code keeps his account. A name that is taken costs the code a try: names cannot be asked for without end.
-- Outcomes: opened, sms_code_refused (wrong, used, too late: a try is counted), account_name_taken, account_exists.
create or replace function xuqi.portal_register(
    in_mobile_index bytea, in_mobile_sealed bytea, in_mobile_masked text, in_code_digest bytea, in_name text,
    in_password_hash text, in_token_digest bytea, in_idle_s bigint, in_absolute_s bigint,
    out outcome text, out name text, out mobile_masked text, out proof text, out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    account   portal_account;
    name_free boolean;
begin
    perform pg_advisory_xact_lock(hashtextextended('portal mobile:' || encode(in_mobile_index, 'hex'), 0));
    perform pg_advisory_xact_lock(hashtextextended('portal name:' || in_name, 0));
    select * into account from portal_account as a where a.mobile_index = in_mobile_index;
    name_free := not exists (select from portal_account as a where a.name = in_name);
    if not sms_code_take(in_mobile_index, 'register', in_code_digest, name_free and account.name is null) then
        outcome := 'sms_code_refused';
    elsif account.name is not null or account.status = 'disabled' then
        outcome := 'account_exists';
    elsif not name_free then
        outcome := 'account_name_taken';
    end if;
    if outcome is not null then
        return;
    end if;
    insert into portal_account as a (mobile_index, mobile_sealed, mobile_masked, name, password_hash)
    values (in_mobile_index, in_mobile_sealed, in_mobile_masked, in_name, in_password_hash)
        on conflict (mobile_index) do update set name = excluded.name, password_hash = excluded.password_hash
    returning * into account;
    insert into audit_event (actor, action, object)
    values ('portal:' || account.id, 'portal.register', 'account:' || account.id);
    expires_at := portal_session_begin(account.id, 'portal_account', in_token_digest, in_idle_s, in_absolute_s);
    outcome := 'opened';
    name := account.name;
    mobile_masked := account.mobile_masked;
    proof := 'portal_account';
end
$$;
