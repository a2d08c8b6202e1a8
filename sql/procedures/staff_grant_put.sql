-- SPDX-License-Identifier: Apache-2.0
-- Writes down that an account's rights are from now on what its row says (none unless it is active). Internal.
create or replace function xuqi.staff_grant_put(in_staff_id bigint, in_by text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    update staff_grant set ended_at = clock_timestamp() where staff_id = in_staff_id and ended_at is null;
    insert into staff_grant (staff_id, roles, platforms, granted_by)
    select id, roles, platforms, in_by from staff where id = in_staff_id and status = 'active';
end
$$;
