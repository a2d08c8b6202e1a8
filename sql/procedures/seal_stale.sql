-- SPDX-License-Identifier: Apache-2.0
-- The next rows of a column that do not use this key, in the order of their names, after the one given. Of an index:
-- sealed is the document that holds its value, and held what is there now. Reads only.
create or replace function xuqi.seal_stale(in_name text, in_key_id bytea, in_after text, in_batch bigint)
returns table (row_key text, context bytea, sealed bytea, held_sha256 bytea, source text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    it   sealed_column;
    origin sealed_column;
begin
    select * into strict it from sealed_column where name = in_name;
    select * into strict origin from sealed_column where name = coalesce(it.source, it.name);
    return query execute format(
        'select %1$s, %2$s, %3$I, sha256(%4$I), $5 from %5$I
          where length(%4$I) > 0 and substr(%4$I, $3, 4) is distinct from $1 and %6$s >= split_part($2, ''/'', 1)
            and %1$s > $2
          order by %6$s, %1$s limit $4',
        it.row_key, it.context, origin.column_name, it.column_name, it.table_name, it.lead)
        using in_key_id, in_after, case it.kind when 'index' then 1 else 2 end, in_batch, origin.place;
end
$$;
