-- SPDX-License-Identifier: Apache-2.0
-- What a login by name or by number is checked against; no row when there is no such account or it has no password.
-- Reads only.
create or replace function xuqi.portal_credential(in_name text, in_mobile_index bytea)
returns table (account_id bigint, password_hash text)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    return query
    select a.id, a.password_hash from portal_account as a
     where (a.name = in_name or a.mobile_index = in_mobile_index) and a.password_hash is not null;
end
$$;
