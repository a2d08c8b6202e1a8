-- SPDX-License-Identifier: Apache-2.0
-- The person sets password and one-time codes, and the account is in use. The token is used up: whoever comes second is
-- refused and asks why. Outcomes: enrolled, enrolment_unknown.
create or replace function xuqi.staff_enrol(
    in_digest bytea, in_password_hash text, in_totp_sealed bytea, out outcome text, out name text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    person staff;
begin
    select * into person from staff where enrolment_digest = in_digest and enrolment_until > clock_timestamp() for update;
    if person.id is null then
        outcome := 'enrolment_unknown';
        return;
    end if;
    outcome := 'enrolled';
    name := person.name;
    update staff set status = 'active', password_hash = in_password_hash, totp_sealed = in_totp_sealed,
                     enrolment_digest = null, enrolment_until = null, version = version + 1
     where id = person.id;
    perform staff_grant_put(person.id, 'enrolment');
    insert into audit_event (actor, action, object) values ('staff:' || person.name, 'staff.enrol', 'staff:' || person.name);
end
$$;
