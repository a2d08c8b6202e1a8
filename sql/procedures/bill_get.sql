-- SPDX-License-Identifier: Apache-2.0
-- What a kept bill is; no row when there is none. Reads only.
create or replace function xuqi.bill_get(in_file_id bigint)
returns table (rail text, day text, size bigint, source text, actor text)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select f.rail, f.day::text, f.size, f.source, f.actor from bill_file as f where f.id = in_file_id;
end
$$;
