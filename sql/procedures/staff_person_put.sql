-- SPDX-License-Identifier: Apache-2.0
-- Notes who a member of staff is, so that he cannot review his own application. Safe to call again; the last one counts.
-- Outcomes: noted, staff_unknown.
create or replace function xuqi.staff_person_put(
    in_name text, in_person_sealed bytea, in_id_index bytea, in_mobile_index bytea, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    update staff set person_sealed = in_person_sealed, person_id_index = in_id_index, person_mobile_index = in_mobile_index
     where name = in_name;
    outcome := case when found then 'noted' else 'staff_unknown' end;
    if outcome = 'noted' then
        insert into audit_event (actor, action, object) values ('admin', 'staff.person', 'staff:' || in_name);
    end if;
end
$$;
