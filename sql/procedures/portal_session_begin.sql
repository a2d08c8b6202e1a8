-- SPDX-License-Identifier: Apache-2.0
-- A session of an account. Internal, inside the transaction that has proved who it is.
create or replace function xuqi.portal_session_begin(
    in_account_id bigint, in_proof text, in_token_digest bytea, in_idle_s bigint, in_absolute_s bigint)
returns timestamptz
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    ends timestamptz := now() + make_interval(secs => least(in_idle_s, in_absolute_s));
begin
    insert into portal_session (token_digest, account_id, proof, expires_at, idle_s, idle_until)
    values (in_token_digest, in_account_id, in_proof, now() + make_interval(secs => in_absolute_s), in_idle_s, ends);
    insert into audit_event (actor, action, object, detail)
    values ('portal:' || in_account_id, 'portal.login', 'account:' || in_account_id, in_proof);
    return ends;
end
$$;
