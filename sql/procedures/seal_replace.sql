-- SPDX-License-Identifier: Apache-2.0
-- Puts a value that was sealed anew in the place of the one it was made from. Safe to call again.
-- Outcomes: replaced, changed (somebody else was there first: nothing is written).
create or replace function xuqi.seal_replace(
    in_name text, in_row_key text, in_held_sha256 bytea, in_value bytea, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
declare
    it      sealed_column;
    written bigint;
begin
    select * into strict it from sealed_column where name = in_name;
    execute format('update %1$I set %2$I = $1 where %3$s = $2 and %4$s = split_part($2, ''/'', 1) and sha256(%2$I) = $3',
                   it.table_name, it.column_name, it.row_key, it.lead)
        using in_value, in_row_key, in_held_sha256;
    get diagnostics written = row_count;
    outcome := case written when 1 then 'replaced' else 'changed' end;
end
$$;
