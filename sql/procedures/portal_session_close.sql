-- SPDX-License-Identifier: Apache-2.0
-- Logging out. Outcomes: closed, unauthenticated (no such session). Safe to call again.
create or replace function xuqi.portal_session_close(in_token_digest bytea, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    leaver bigint;
begin
    update portal_session set ended_at = now() where token_digest = in_token_digest and ended_at is null
    returning account_id into leaver;
    if found then
        insert into audit_event (actor, action, object)
        values ('portal:' || leaver, 'portal.logout', 'account:' || leaver);
    end if;
    outcome := case when exists (select from portal_session where token_digest = in_token_digest)
                    then 'closed' else 'unauthenticated' end;
end
$$;
