-- SPDX-License-Identifier: Apache-2.0
-- Gives somebody's own view another name. Safe to call again. Outcomes: kept, unauthenticated, view_unknown, view_name_taken.
create or replace function xuqi.staff_view_rename(in_token_digest bytea, in_id bigint, in_name text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
declare
    person staff;
begin
    select * into person from session_staff(in_token_digest);
    perform pg_advisory_xact_lock(hashtextextended('staff_view', person.id)) where person.id is not null;
    outcome := case
        when person.id is null then 'unauthenticated'
        when not exists (select from staff_view as v where v.id = in_id and v.staff_id = person.id) then 'view_unknown'
        when exists (select from staff_view as v where v.staff_id = person.id and v.name = in_name and v.id <> in_id)
             then 'view_name_taken'
        else 'kept' end;
    if outcome = 'kept' then
        update staff_view set name = in_name where id = in_id;
    end if;
end
$$;
