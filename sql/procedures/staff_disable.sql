-- SPDX-License-Identifier: Apache-2.0
-- Takes access away at once: sessions end with it. Outcomes: disabled, staff_unknown. Safe to call again.
create or replace function xuqi.staff_disable(in_name text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    person staff;
begin
    select * into person from staff where name = in_name for update;
    if person.id is null then
        outcome := 'staff_unknown';
        return;
    end if;
    outcome := 'disabled';
    update staff_session set ended_at = now() where staff_id = person.id and ended_at is null;
    if person.status <> 'disabled' then
        update staff set status = 'disabled' where id = person.id;
        insert into audit_event (actor, action, object) values ('admin', 'staff.disable', 'staff:' || in_name);
    end if;
end
$$;
