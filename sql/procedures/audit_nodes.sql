-- SPDX-License-Identifier: Apache-2.0
-- The stored nodes after one, by level and place. Reads only.
create or replace function xuqi.audit_nodes(in_level bigint, in_after bigint, in_limit bigint)
returns table (level bigint, node_index bigint, hash bytea)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select level, node_index, hash from audit_node
     where (level, node_index) > (in_level, in_after) order by level, node_index limit in_limit
$$;
