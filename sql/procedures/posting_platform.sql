-- SPDX-License-Identifier: Apache-2.0
-- The platform of the renewal that a posting is about, or null. Internal.
create or replace function xuqi.posting_platform(in_posting xuqi.posting) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return (select r.platform from renewal as r where r.renewal_no = posting_renewal(in_posting));
end
$$;
