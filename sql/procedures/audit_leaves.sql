-- SPDX-License-Identifier: Apache-2.0
-- The hashes of the leaves from one on, at most so many, one after the other. Reads only.
create or replace function xuqi.audit_leaves(in_from bigint, in_limit bigint) returns bytea
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select coalesce(string_agg(hash, '' order by leaf_index), '')
      from audit_leaf where leaf_index >= in_from and leaf_index < in_from + in_limit
$$;
