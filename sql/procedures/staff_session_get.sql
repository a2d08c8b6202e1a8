-- SPDX-License-Identifier: Apache-2.0
-- Who holds this token. Moves the idle end, but writes only when it moved by more than a tenth of the idle time.
-- Outcomes: ok, unauthenticated. Safe to call again. No audit event: it is every click.
create or replace function xuqi.staff_session_get(
    in_token_digest bytea,
    out outcome text, out staff_id bigint, out name text, out display_name text, out roles text,
    out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    seat  staff_session;
    later timestamptz;
begin
    select s.id, s.name, s.display_name, array_to_string(s.roles, ',')
      into staff_id, name, display_name, roles from session_staff(in_token_digest) as s;
    if staff_id is null then
        outcome := 'unauthenticated';
        return;
    end if;
    select * into seat from staff_session where token_digest = in_token_digest;
    later := least(seat.expires_at, now() + make_interval(secs => seat.idle_s));
    if later > seat.idle_until + make_interval(secs => seat.idle_s / 10.0) then
        update staff_session set idle_until = later where token_digest = in_token_digest;
        update staff as s set last_used_at = now() where s.id = seat.staff_id;
    else
        later := seat.idle_until;
    end if;
    outcome := 'ok';
    expires_at := later;
end
$$;
