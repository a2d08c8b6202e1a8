-- SPDX-License-Identifier: Apache-2.0
-- SUBPROOF(old size, D[from:to], whole) of RFC 6962 2.1.2; PROOF(old, D[n]) is audit_consistency(old, 0, n, true). Internal.
create or replace function xuqi.audit_consistency(in_old bigint, in_from bigint, in_to bigint, in_whole boolean) returns bytea[]
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    half bigint := 1;
begin
    if in_old = in_to - in_from then
        return case when in_whole then array[]::bytea[] else array[audit_subtree(in_from, in_to)] end;
    end if;
    while half * 2 < in_to - in_from loop
        half := half * 2;
    end loop;
    return case when in_old <= half
                then audit_consistency(in_old, in_from, in_from + half, in_whole) || audit_subtree(in_from + half, in_to)
                else audit_consistency(in_old - half, in_from + half, in_to, false) || audit_subtree(in_from, in_from + half) end;
end
$$;
