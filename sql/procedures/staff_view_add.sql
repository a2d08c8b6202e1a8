-- SPDX-License-Identifier: Apache-2.0
-- Somebody keeps a view: a name for an address of the desks. His own, so nothing of the business changes and nothing is on
-- the audit trail. Safe to call again. Outcomes: kept, unauthenticated, view_name_taken (for another address), view_limit.
create or replace function xuqi.staff_view_add(
    in_token_digest bytea, in_name text, in_address text, in_most bigint, out outcome text, out id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    person staff;
    known  staff_view;
begin
    select * into person from session_staff(in_token_digest);
    if person.id is null then
        outcome := 'unauthenticated';
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('staff_view', person.id));
    select * into known from staff_view as v where v.staff_id = person.id and v.name = in_name;
    outcome := case when known.id is not null and known.address <> in_address then 'view_name_taken'
                    when known.id is null and (select count(*) from staff_view as v where v.staff_id = person.id) >= in_most
                         then 'view_limit'
                    else 'kept' end;
    id := known.id;
    if outcome = 'kept' and known.id is null then
        insert into staff_view (staff_id, name, address) values (person.id, in_name, in_address) returning staff_view.id into id;
    end if;
end
$$;
