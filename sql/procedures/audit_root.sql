-- SPDX-License-Identifier: Apache-2.0
-- The root over sixteen neighbours of one level of the tree (RFC 6962 2.1); null where they are not sixteen. Internal.
create or replace function xuqi.audit_root(in_hashes bytea[]) returns bytea
language plpgsql immutable set search_path = xuqi, pg_temp as $$
declare
    hashes bytea[] := in_hashes;
    width  integer := 16;
begin
    if cardinality(hashes) <> width then
        return null;
    end if;
    while width > 1 loop
        width := width / 2;
        for i in 1..width loop
            hashes[i] := sha256('\x01' || hashes[2 * i - 1] || hashes[2 * i]);
        end loop;
    end loop;
    return hashes[1];
end
$$;
