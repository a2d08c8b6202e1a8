-- SPDX-License-Identifier: Apache-2.0
-- The views that somebody keeps, by name. Outcomes: ok in every row, or one row: empty, unauthenticated. Reads only.
create or replace function xuqi.staff_view_list(in_token_digest bytea)
returns table (outcome text, id bigint, name text, address text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    person staff;
begin
    select * into person from session_staff(in_token_digest);
    if person.id is not null then
        return query
        select 'ok'::text, v.id, v.name, v.address from staff_view as v where v.staff_id = person.id order by v.name;
        if found then
            return;
        end if;
    end if;
    outcome := case when person.id is null then 'unauthenticated' else 'empty' end;
    return next;
end
$$;
