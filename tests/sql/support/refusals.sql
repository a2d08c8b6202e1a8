-- SPDX-License-Identifier: Apache-2.0
-- For stories about constraints: each refuses by its own name, with the triggers out of the way, so that no other rule
-- stands in for one that is gone. Included after the search path is set.
create function story.named(name text, statement text, place text) returns text language plpgsql as $$
declare
    got     text;
    touched bigint;
begin
    execute format('alter table xuqi.%I disable trigger user', place);
    execute statement;
    get diagnostics touched = row_count;
    set constraints all immediate;
    return format('not ok %s: was not refused for %s row', name, touched);
exception when integrity_constraint_violation then
    get stacked diagnostics got = constraint_name;
    return same(name, got, name);
end
$$;
-- One row of the table changed so that only this constraint is against it.
create function story.breaks(name text, place text, change text, which text default 'true') returns text language sql as $$
    select named(name, format('update xuqi.%1$I set %2$s where ctid = (select ctid from xuqi.%1$I where %3$s limit 1)', place, change, which), place)
$$;
-- One row once more, with other values in the columns whose own uniqueness would be against it.
create function story.doubles(name text, place text, change jsonb default '{}', which text default 'true') returns text language sql as $$
    select named(name, format('insert into xuqi.%1$I overriding system value select (jsonb_populate_record(r, %2$L)).*
                               from xuqi.%1$I as r where %3$s limit 1', place, change, which), place)
$$;
