-- SPDX-License-Identifier: Apache-2.0
-- Notes at the console who a member of staff is (staff_person_keep). Safe to call again. Outcomes: noted, staff_unknown.
create or replace function xuqi.staff_person_put(
    in_name text, in_person_sealed bytea, in_id_index bytea, in_mobile_index bytea, in_email_index bytea default null,
    in_recipient_index bytea default null, in_legal_index bytea default null, in_portal_index bytea default null, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    perform from staff where name = in_name for update;
    outcome := case when found then 'noted' else 'staff_unknown' end;
    if found then
        perform staff_person_keep(in_name, 'admin', in_person_sealed, in_id_index, in_mobile_index, in_email_index,
                                  in_recipient_index, in_legal_index, in_portal_index);
    end if;
end
$$;
