-- SPDX-License-Identifier: Apache-2.0
-- A member of staff notes himself who he is. A session is not enough: in_accepted says whether his password and one-time code were
-- right, too. Failures are counted and locked as at login, and each one-time code works once. Safe to call again: what is noted
-- already is answered as noted. Outcomes: noted, unauthenticated, step_up_refused, login_locked.
create or replace function xuqi.staff_person_change(
    in_token_digest bytea, in_accepted boolean, in_totp_step bigint, in_address text, in_attempts_limit bigint, in_lock_s bigint,
    in_person_sealed bytea, in_id_index bytea, in_mobile_index bytea, in_email_index bytea, in_recipient_index bytea,
    in_legal_index bytea, in_portal_index bytea, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    person    staff;
    name_mark bytea;
    locked    boolean;
begin
    select * into person from session_staff(in_token_digest);
    if person.id is null then
        outcome := 'unauthenticated';
        return;
    end if;
    name_mark := fingerprint(person.name);
    locked := login_locked('name', name_mark, 'address', in_address, in_attempts_limit, in_attempts_limit, in_lock_s);
    select * into person from staff where id = person.id for update;
    outcome := case
        when locked then 'login_locked'
        when in_accepted and person.totp_step = in_totp_step
             and (person.person_id_index, person.person_mobile_index, person.person_email_index, person.person_portal_index)
                 is not distinct from (in_id_index, in_mobile_index, in_email_index, in_portal_index) then 'noted'
        when in_accepted and person.totp_step < in_totp_step then 'keep'
        else 'step_up_refused' end;
    if outcome = 'step_up_refused' then
        perform login_failed('name', name_mark, 'address', in_address, 'staff:' || person.name, 'login.refuse', 'staff:' || person.id);
    elsif outcome = 'login_locked' then
        insert into audit_event (actor, action, object) values ('staff:' || person.name, 'login.locked', 'staff:' || person.id);
    elsif outcome = 'keep' then
        update staff set totp_step = in_totp_step where id = person.id;
        delete from login_failure where kind = 'name' and subject = name_mark;
        perform staff_person_keep(person.name, 'staff:' || person.name, in_person_sealed, in_id_index, in_mobile_index, in_email_index,
                                  in_recipient_index, in_legal_index, in_portal_index);
        outcome := 'noted';
    end if;
end
$$;
