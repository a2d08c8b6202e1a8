-- SPDX-License-Identifier: Apache-2.0
-- Keeps who a member of staff is, so that he cannot review his own application: as an agent (document, mobile, e-mail address if
-- it is given), as a recipient and a legal person, and as the holder of an account at the web hall. The last one counts; what is
-- there already is not noted again. Answers whether it was. Internal.
create or replace function xuqi.staff_person_keep(
    in_name text, in_actor text, in_person_sealed bytea, in_id_index bytea, in_mobile_index bytea, in_email_index bytea,
    in_recipient_index bytea, in_legal_index bytea, in_portal_index bytea) returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    update staff
       set person_sealed = in_person_sealed, person_id_index = in_id_index, person_mobile_index = in_mobile_index,
           person_email_index = in_email_index, person_recipient_index = in_recipient_index,
           person_legal_index = in_legal_index, person_portal_index = in_portal_index
     where name = in_name
       and (person_id_index, person_mobile_index, person_email_index, person_recipient_index, person_legal_index, person_portal_index)
           is distinct from (in_id_index, in_mobile_index, in_email_index, in_recipient_index, in_legal_index, in_portal_index);
    if found then
        insert into audit_event (actor, action, object) values (in_actor, 'staff.person', 'staff:' || in_name);
    end if;
    return found;
end
$$;
