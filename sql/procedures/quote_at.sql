-- SPDX-License-Identifier: Apache-2.0
-- The fee table in force on a platform at an instant: its quote version, or null. Internal.
create or replace function xuqi.quote_at(in_platform text, in_at timestamptz) returns bigint
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return (select id from fee_table
             where platform = in_platform and withdrawn_in is null and effective_from <= in_at
             order by effective_on desc limit 1);
end
$$;
