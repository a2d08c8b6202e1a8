-- SPDX-License-Identifier: Apache-2.0
-- Length-prefixed concatenation: no two different lists give the same bytes. Null is told apart from empty.
create or replace function xuqi.canonical(variadic in_parts bytea[]) returns bytea
language sql immutable parallel safe as $$
    select string_agg(coalesce(int4send(length(part)) || part, '\xffffffff'::bytea), ''::bytea order by place)
      from unnest(in_parts) with ordinality as listed (part, place)
$$;
