-- SPDX-License-Identifier: Apache-2.0
-- MTH(D[from:to]) of RFC 6962 2.1; null where a leaf is missing. Internal.
create or replace function xuqi.audit_subtree(in_from bigint, in_to bigint) returns bytea
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    width constant bigint := in_to - in_from;
    half  bigint := 1;
    depth bigint := 1; -- half is 2^(depth - 1)
    found bytea;
begin
    if width <= 1 then
        return (select hash from audit_leaf where leaf_index = in_from);
    end if;
    while half * 2 < width loop
        half := half * 2;
        depth := depth + 1;
    end loop;
    if depth % 4 = 0 and half * 2 = width and in_from % width = 0 then
        select hash into found from audit_node where level = depth and node_index = in_from / width;
        if found is not null then
            return found;
        end if;
    end if;
    return sha256('\x01' || audit_subtree(in_from, in_from + half) || audit_subtree(in_from + half, in_to));
end
$$;
