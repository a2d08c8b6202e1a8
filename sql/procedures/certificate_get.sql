-- SPDX-License-Identifier: Apache-2.0
-- The certificate issued for a renewal; no row when there is none. Reads only.
create or replace function xuqi.certificate_get(in_renewal_no text) returns table (der bytea)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    return query select c.der from certificate as c where c.renewal_no = in_renewal_no;
end
$$;
