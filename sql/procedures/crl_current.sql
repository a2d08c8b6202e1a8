-- SPDX-License-Identifier: Apache-2.0
-- The newest list; no row while there is none. Reads only.
create or replace function xuqi.crl_current() returns table (der bytea, next_update timestamptz)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    return query select c.der, c.next_update from crl as c order by c.number desc limit 1;
end
$$;
