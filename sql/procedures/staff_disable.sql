-- SPDX-License-Identifier: Apache-2.0
-- Takes access away at once, from the console. Outcomes: disabled, staff_unknown. Safe to call again.
create or replace function xuqi.staff_disable(in_name text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    person staff;
begin
    select * into person from staff where name = in_name for update;
    outcome := case when person.id is null then 'staff_unknown' else 'disabled' end;
    if outcome = 'disabled' then
        perform staff_end(person.id, 'admin');
    end if;
end
$$;
