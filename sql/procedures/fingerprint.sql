-- SPDX-License-Identifier: Apache-2.0
-- SHA-256 over the canonical form of texts: what a posting's natural key stands for.
create or replace function xuqi.fingerprint(variadic in_parts text[]) returns bytea
language sql immutable parallel safe set search_path = xuqi, pg_temp as $$
    select sha256(string_agg(coalesce(int4send(length(bytes)) || bytes, '\xffffffff'::bytea), ''::bytea order by place))
      from unnest(in_parts) with ordinality as listed (part, place),
           lateral (select convert_to(part, 'UTF8') as bytes) as encoded
$$;
