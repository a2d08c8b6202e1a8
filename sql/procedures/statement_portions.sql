-- SPDX-License-Identifier: Apache-2.0
-- An import's lines in portions of at most so many: the last number of each, in order. What two matchers do at the same time does not
-- overlap then. An import's numbers follow one another but for those of another account's import of the same moment, so that
-- a portion may hold fewer. Reads only. Not min and max as they are: each would read the lines of all other imports, one by one.
create or replace function xuqi.statement_portions(in_import_id bigint, in_size bigint) returns table (until bigint)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select least(l.first + n * in_size - 1, l.last)
      from (select min(id + 0) as first, max(id + 0) as last from statement_line where import_id = in_import_id) as l,
           generate_series(1, (l.last - l.first) / in_size + 1) as n
     order by 1
$$;
