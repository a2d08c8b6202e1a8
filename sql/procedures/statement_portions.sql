-- SPDX-License-Identifier: Apache-2.0
-- An import's lines in portions of at most so many: the last line of each, in order. What two matchers do at the same time does not
-- overlap then. Reads only.
create or replace function xuqi.statement_portions(in_import_id bigint, in_size bigint) returns table (until bigint)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select max(l.id) from (select id, (row_number() over (order by id) - 1) / in_size as portion
                             from statement_line where import_id = in_import_id) as l
     group by l.portion order by 1
$$;
