-- SPDX-License-Identifier: Apache-2.0
-- Where sealed values and blind indexes are, and how many rows use which key: an index carries its key's id in front, a
-- sealed value behind its version, a lookup none. Reads only.
create or replace function xuqi.seal_places()
returns table (name text, place text, kind text, key_id text, uses bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    it sealed_column;
begin
    for it in select * from sealed_column order by kind desc, name loop
        return query execute format(
            'select $1, $4, $2, case $2 when ''lookup'' then '''' else encode(substr(%1$I, $3, 4), ''hex'') end, count(%1$I) from %2$I where length(%1$I) > 0
              group by 4 order by 4', it.column_name, it.table_name)
            using it.name, it.kind, case it.kind when 'index' then 1 else 2 end, it.place;
        if not found then
            return query select it.name, it.place, it.kind, '', 0::bigint;
        end if;
    end loop;
end
$$;
