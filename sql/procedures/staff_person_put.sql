-- SPDX-License-Identifier: Apache-2.0
-- Notes who a member of staff is, so that he cannot review his own application: as an agent (document, mobile, e-mail address if it
-- is given), as a recipient and as a legal person. Safe to call again; the last one counts. Outcomes: noted, staff_unknown.
create or replace function xuqi.staff_person_put(
    in_name text, in_person_sealed bytea, in_id_index bytea, in_mobile_index bytea, in_email_index bytea default null,
    in_recipient_index bytea default null, in_legal_index bytea default null, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    update staff
       set person_sealed = in_person_sealed, person_id_index = in_id_index, person_mobile_index = in_mobile_index,
           person_email_index = in_email_index, person_recipient_index = in_recipient_index,
           person_legal_index = in_legal_index
     where name = in_name;
    outcome := case when found then 'noted' else 'staff_unknown' end;
    if outcome = 'noted' then
        insert into audit_event (actor, action, object) values ('admin', 'staff.person', 'staff:' || in_name);
    end if;
end
$$;
