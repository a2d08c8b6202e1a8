-- SPDX-License-Identifier: Apache-2.0
-- Why this token opens no session of staff: session_unknown (forged, or long gone), session_foreign (one of the web hall),
-- session_ended (logged out, or ended with a change of the account), session_expired; unauthenticated when it is live. Internal.
create or replace function xuqi.session_refusal(in_token_digest bytea) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    seat staff_session;
begin
    select * into seat from staff_session where token_digest = in_token_digest;
    return case
        when seat.token_digest is null and exists (select from portal_session as p where p.token_digest = in_token_digest)
             then 'session_foreign'
        when seat.token_digest is null then 'session_unknown'
        when seat.ended_at is not null
             or (select person.status <> 'active' from staff as person where person.id = seat.staff_id) then 'session_ended'
        when seat.expires_at <= now() or seat.idle_until <= now() then 'session_expired'
        else 'unauthenticated' end;
end
$$;
