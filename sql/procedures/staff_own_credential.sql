-- SPDX-License-Identifier: Apache-2.0
-- What the caller's own password and one-time code are checked against, where a session is not enough. Reads only.
-- Outcomes: ok, unauthenticated.
create or replace function xuqi.staff_own_credential(
    in_token_digest bytea, out outcome text, out name text, out password_hash text, out totp_sealed bytea)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
declare
    person staff;
begin
    select * into person from session_staff(in_token_digest);
    outcome := case when person.id is null then 'unauthenticated' else 'ok' end;
    name := person.name;
    password_hash := person.password_hash;
    totp_sealed := person.totp_sealed;
end
$$;
