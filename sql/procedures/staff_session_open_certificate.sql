-- SPDX-License-Identifier: Apache-2.0
-- Ends a login by client certificate: a session, or a recorded failure. in_verdict: what the check of the certificate itself
-- refused, '' when nothing. Outcomes: opened, what in_verdict says, client_certificate_unknown (it stands for no account, or for one
-- that is not in use). Safe to call again: the same token digest answers its own session.
create or replace function xuqi.staff_session_open_certificate(
    in_fingerprint bytea, in_verdict text, in_token_digest bytea, in_idle_s bigint, in_absolute_s bigint,
    out outcome text, out staff_id bigint, out name text, out display_name text, out roles text,
    out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    person staff;
begin
    select s.* into person
      from staff_certificate as c join staff as s on s.id = c.staff_id
     where c.fingerprint = in_fingerprint and c.removed_at is null and s.status = 'active' for update of s;
    outcome := case when in_verdict <> '' then in_verdict
                    when person.id is null then 'client_certificate_unknown' else 'opened' end;
    if outcome <> 'opened' then
        insert into audit_event (actor, action, object, detail)
        values ('staff', 'login.refuse', coalesce('staff:' || person.id, 'unknown'),
                outcome || ' certificate=' || encode(in_fingerprint, 'hex'));
        return;
    end if;
    select least(s.expires_at, s.idle_until) into expires_at from staff_session as s
     where s.token_digest = in_token_digest and s.staff_id = person.id and s.ended_at is null;
    if not found then
        update staff as s set last_used_at = now() where s.id = person.id;
        insert into staff_session (token_digest, staff_id, expires_at, idle_s, idle_until)
        values (in_token_digest, person.id, now() + make_interval(secs => in_absolute_s), in_idle_s,
                now() + make_interval(secs => least(in_idle_s, in_absolute_s)))
        returning staff_session.idle_until into expires_at;
        insert into audit_event (actor, action, object, detail)
        values ('staff:' || person.name, 'login.open', 'staff:' || person.id, 'certificate=' || encode(in_fingerprint, 'hex'));
    end if;
    staff_id := person.id;
    name := person.name;
    display_name := person.display_name;
    roles := array_to_string(person.roles, ',');
end
$$;
