-- SPDX-License-Identifier: Apache-2.0
-- Who is asking at the finance desk. Outcomes: ok, unauthenticated, forbidden. Internal.
create or replace function xuqi.session_finance(in_token_digest bytea, out outcome text, out staff_id bigint, out name text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    person staff;
begin
    select * into person from session_staff(in_token_digest);
    outcome := case when person.id is null then 'unauthenticated'
                    when person.roles && array['finance'] then 'ok'
                    else 'forbidden' end;
    staff_id := person.id;
    name := person.name;
end
$$;
