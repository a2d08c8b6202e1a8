-- SPDX-License-Identifier: Apache-2.0
-- Takes an account's access away at once: its sessions end with it, so do its rights and its enrolment. The caller holds
-- the row. Internal.
create or replace function xuqi.staff_end(in_staff_id bigint, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    ended_name text;
begin
    update staff_session set ended_at = now() where staff_id = in_staff_id and ended_at is null;
    update staff set status = 'disabled', enrolment_digest = null, enrolment_until = null, version = version + 1
     where id = in_staff_id and status <> 'disabled' returning name into ended_name;
    if found then
        perform staff_grant_put(in_staff_id, in_actor);
        insert into audit_event (actor, action, object) values (in_actor, 'staff.disable', 'staff:' || ended_name);
    end if;
end
$$;
