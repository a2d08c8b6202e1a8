-- SPDX-License-Identifier: Apache-2.0
-- Logs in with a code; a number that comes for the first time gets an account without name and password.
-- Outcomes: opened, sms_code_refused (wrong, used, too late, or the account is disabled: a try is counted).
create or replace function xuqi.portal_session_open_sms(
    in_mobile_index bytea, in_mobile_sealed bytea, in_mobile_masked text, in_code_digest bytea, in_token_digest bytea,
    in_idle_s bigint, in_absolute_s bigint,
    out outcome text, out name text, out mobile_masked text, out proof text, out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    account portal_account;
begin
    perform pg_advisory_xact_lock(hashtextextended('portal mobile:' || encode(in_mobile_index, 'hex'), 0));
    select * into account from portal_account as a where a.mobile_index = in_mobile_index;
    if not sms_code_take(in_mobile_index, 'login', in_code_digest) or account.status = 'disabled' then
        outcome := 'sms_code_refused';
        return;
    end if;
    if account.id is null then
        insert into portal_account (mobile_index, mobile_sealed, mobile_masked)
        values (in_mobile_index, in_mobile_sealed, in_mobile_masked) returning * into account;
        insert into audit_event (actor, action, object)
        values ('portal:' || account.id, 'portal.register', 'account:' || account.id);
    end if;
    expires_at := portal_session_begin(account.id, 'sms_code', in_token_digest, in_idle_s, in_absolute_s);
    outcome := 'opened';
    name := account.name;
    mobile_masked := account.mobile_masked;
    proof := 'sms_code';
end
$$;
