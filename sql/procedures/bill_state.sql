-- SPDX-License-Identifier: Apache-2.0
-- How a day stands before it is fetched: waiting, empty, missing or loaded. Reads only.
create or replace function xuqi.bill_state(in_rail text, in_day text) returns table (state text)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select coalesce((select d.state from bill_day as d where d.rail = in_rail and d.day = in_day::date), 'waiting');
end
$$;
