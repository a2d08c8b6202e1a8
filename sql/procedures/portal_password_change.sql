-- SPDX-License-Identifier: Apache-2.0
-- A new password for an account whose number was proved by its code; ends every session and what locked it.
-- Outcomes: changed, sms_code_refused (also where there is no such account, so that nothing is learnt).
create or replace function xuqi.portal_password_change(
    in_mobile_index bytea, in_code_digest bytea, in_password_hash text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    account portal_account;
begin
    perform pg_advisory_xact_lock(hashtextextended('portal mobile:' || encode(in_mobile_index, 'hex'), 0));
    select * into account from portal_account as a
     where a.mobile_index = in_mobile_index and a.status = 'active' and a.name is not null for update;
    if not sms_code_take(in_mobile_index, 'password', in_code_digest, account.id is not null) or account.id is null then
        outcome := 'sms_code_refused';
        return;
    end if;
    update portal_account set password_hash = in_password_hash where id = account.id;
    update portal_session set ended_at = now() where account_id = account.id and ended_at is null;
    delete from login_failure where kind = 'portal_account' and subject = fingerprint('portal account', account.id::text);
    insert into audit_event (actor, action, object)
    values ('portal:' || account.id, 'portal.password', 'account:' || account.id);
    outcome := 'changed';
end
$$;
