-- SPDX-License-Identifier: Apache-2.0
-- Whose account a renewal's is to be, and by whose rules; no row when there is no such renewal. Reads only.
create or replace function xuqi.account_facts(in_renewal_no text)
returns table (platform text, organisation text)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query select r.platform, r.organisation from renewal as r where r.renewal_no = in_renewal_no;
end
$$;
