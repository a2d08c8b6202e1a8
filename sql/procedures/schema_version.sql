-- SPDX-License-Identifier: Apache-2.0
-- The last migration applied. Reads only.
create or replace function xuqi.schema_version() returns bigint
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
begin
    return (select max(number) from schema_migration);
end
$$;
