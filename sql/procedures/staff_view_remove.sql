-- SPDX-License-Identifier: Apache-2.0
-- Somebody's own view is kept no longer. Safe to call again. Outcomes: removed (also when there is none), unauthenticated.
create or replace function xuqi.staff_view_remove(in_token_digest bytea, in_id bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
declare
    person staff;
begin
    select * into person from session_staff(in_token_digest);
    outcome := case when person.id is null then 'unauthenticated' else 'removed' end;
    delete from staff_view where id = in_id and staff_id = person.id;
end
$$;
