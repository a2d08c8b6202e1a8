-- SPDX-License-Identifier: Apache-2.0
-- The id from which on events are of this time or later, as a few looks at the primary key find it: ids and times are given
-- at the same moment, so that both grow together. Callers leave a minute on either side. Internal.
create or replace function xuqi.audit_id_at(in_at timestamptz) returns bigint
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    low  bigint := 1;
    high bigint := coalesce((select max(id) from audit_event), 0) + 1;
    mid  bigint;
    seen timestamptz;
begin
    while low < high loop
        mid := (low + high) / 2;
        select at into seen from audit_event where id >= mid order by id limit 1;
        if seen < in_at then
            low := mid + 1;
        else
            high := mid;
        end if;
    end loop;
    return low;
end
$$;
