-- SPDX-License-Identifier: Apache-2.0
-- Whose enrolment this token opens; no row when there is none, or its time is over. Reads only.
create or replace function xuqi.staff_enrolment(in_digest bytea) returns table (name text, display_name text)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    return query
    select s.name, s.display_name from staff as s where s.enrolment_digest = in_digest and s.enrolment_until > now();
end
$$;
