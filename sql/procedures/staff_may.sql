-- SPDX-License-Identifier: Apache-2.0
-- Do rights over these platforms reach that one? Internal.
create or replace function xuqi.staff_may(in_platforms text[], in_platform text) returns boolean
language sql immutable set search_path = xuqi, pg_temp as $$
    select in_platforms = array['*'] or in_platform = any (in_platforms)
$$;
