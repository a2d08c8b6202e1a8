-- SPDX-License-Identifier: Apache-2.0
-- PATH(leaf, D[from:to]) of RFC 6962 2.1.1, from the leaf upwards. Internal.
create or replace function xuqi.audit_inclusion(in_leaf bigint, in_from bigint, in_to bigint) returns bytea[]
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    half bigint := 1;
begin
    if in_to - in_from <= 1 then
        return '{}';
    end if;
    while half * 2 < in_to - in_from loop
        half := half * 2;
    end loop;
    return case when in_leaf < in_from + half
                then audit_inclusion(in_leaf, in_from, in_from + half) || audit_subtree(in_from + half, in_to)
                else audit_inclusion(in_leaf, in_from + half, in_to) || audit_subtree(in_from, in_from + half) end;
end
$$;
