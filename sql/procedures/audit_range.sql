-- SPDX-License-Identifier: Apache-2.0
-- The roots of the whole subtrees that a tree of this size consists of, the largest first, one after the other: what a
-- signer needs to go on from there. Null where something is missing. Reads only.
create or replace function xuqi.audit_range(in_size bigint) returns bytea
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
declare
    at    bigint := 0;
    width bigint;
    range bytea := '';
begin
    while at < in_size loop
        width := 1;
        while width * 2 <= in_size - at loop
            width := width * 2;
        end loop;
        range := range || audit_subtree(at, at + width);
        at := at + width;
    end loop;
    return range;
end
$$;
