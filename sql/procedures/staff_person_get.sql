-- SPDX-License-Identifier: Apache-2.0
-- Is it noted who the caller is, with an e-mail address, and when was it the last time? Nobody is shown more, not even he. Reads only. Outcomes: ok, unauthenticated.
create or replace function xuqi.staff_person_get(in_token_digest bytea, out outcome text, out noted boolean, out email boolean,
    out noted_at timestamptz)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
declare
    person staff;
begin
    select * into person from session_staff(in_token_digest);
    outcome := case when person.id is null then 'unauthenticated' else 'ok' end;
    noted := person.person_sealed is not null;
    email := person.person_email_index is not null;
    noted_at := (select max(e.at) from audit_event as e where noted and e.object = 'staff:' || person.name and e.action = 'staff.person');
end
$$;
