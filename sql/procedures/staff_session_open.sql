-- SPDX-License-Identifier: Apache-2.0
-- Ends a login: a session, or a counted failure. A locked name or address is answered login_locked whatever the password
-- was, known or not, so that nothing is learnt from it. Each one-time code works once.
-- Outcomes: opened, login_refused, login_locked. Safe to call again: the same token digest answers its own session.
-- The failure rows are what login_refused means; they are committed with it.
create or replace function xuqi.staff_session_open(
    in_staff_id bigint, in_name text, in_address text, in_accepted boolean, in_totp_step bigint,
    in_token_digest bytea, in_idle_s bigint, in_absolute_s bigint, in_attempts_limit bigint, in_lock_s bigint,
    out outcome text, out staff_id bigint, out name text, out display_name text, out roles text,
    out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    name_mark constant bytea := fingerprint(in_name);
    locked    constant boolean := login_locked('name', name_mark, 'address', in_address, in_attempts_limit, in_attempts_limit, in_lock_s);
    person    staff;
begin
    select least(s.expires_at, s.idle_until), s.staff_id into expires_at, staff_id
      from staff_session as s
     where s.token_digest = in_token_digest and s.staff_id = in_staff_id and s.ended_at is null and in_accepted;
    if not found then
        if locked then
            insert into audit_event (actor, action, object)
            values ('staff', 'login.locked', coalesce('staff:' || in_staff_id, 'unknown'));
            outcome := 'login_locked';
            return;
        end if;
        update staff as s set totp_step = in_totp_step, last_used_at = now()
         where s.id = in_staff_id and s.name = in_name and s.status = 'active' and in_accepted
           and s.totp_step < in_totp_step;
        if not found then
            perform login_failed('name', name_mark, 'address', in_address, 'staff', 'login.refuse', coalesce('staff:' || in_staff_id, 'unknown'));
            outcome := 'login_refused';
            return;
        end if;
        delete from login_failure where kind = 'name' and subject = name_mark;
        insert into staff_session (token_digest, staff_id, expires_at, idle_s, idle_until)
        values (in_token_digest, in_staff_id, now() + make_interval(secs => in_absolute_s), in_idle_s,
                now() + make_interval(secs => least(in_idle_s, in_absolute_s)))
        returning staff_session.idle_until into expires_at;
        insert into audit_event (actor, action, object)
        values ('staff:' || in_name, 'login.open', 'staff:' || in_staff_id);
    end if;
    select * into strict person from staff where id = in_staff_id;
    outcome := 'opened';
    staff_id := person.id;
    name := person.name;
    display_name := person.display_name;
    roles := array_to_string(person.roles, ',');
end
$$;
