-- SPDX-License-Identifier: Apache-2.0
-- renewal_content_hashes of one renewal. Null if unknown.
create or replace function xuqi.renewal_content_hash(in_renewal_no text) returns bytea
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return (select content_hash from renewal_content_hashes(array[in_renewal_no]));
end
$$;
