-- SPDX-License-Identifier: Apache-2.0
-- Who is asking, where one of these roles is needed. Outcomes: ok, unauthenticated, forbidden. Internal.
create or replace function xuqi.session_of(
    in_token_digest bytea, in_roles text[], out outcome text, out staff_id bigint, out name text, out platforms text[],
    out display_name text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    person staff;
begin
    select * into person from session_staff(in_token_digest);
    outcome := case when person.id is null then 'unauthenticated'
                    when person.roles && in_roles then 'ok'
                    else 'forbidden' end;
    staff_id := person.id;
    name := person.name;
    platforms := person.platforms;
    display_name := person.display_name;
end
$$;
