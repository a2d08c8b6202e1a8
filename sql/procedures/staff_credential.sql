-- SPDX-License-Identifier: Apache-2.0
-- What a login is checked against; no row when there is no such name. Reads only.
create or replace function xuqi.staff_credential(in_name text)
returns table (staff_id bigint, password_hash text, totp_sealed bytea, status text)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    return query
    select s.id, s.password_hash, s.totp_sealed, s.status from staff as s where s.name = in_name;
end
$$;
