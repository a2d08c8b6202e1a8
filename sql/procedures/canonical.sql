-- SPDX-License-Identifier: Apache-2.0
-- Length-prefixed concatenation: no two different lists give the same bytes. Null is told apart from empty.
-- In plpgsql, as all helpers on the hot paths: a function in SQL is planned at every call.
create or replace function xuqi.canonical(variadic in_parts bytea[]) returns bytea
language plpgsql immutable parallel safe set search_path = xuqi, pg_temp as $$
declare
    part   bytea;
    joined bytea := '';
begin
    foreach part in array in_parts loop
        joined := joined || coalesce(int4send(length(part)) || part, '\xffffffff');
    end loop;
    return joined;
end
$$;
