-- SPDX-License-Identifier: Apache-2.0
-- The signed heads after one, by size, each with its time stamp (RFC 3161) if it has one. Reads only.
create or replace function xuqi.audit_checkpoints(in_after bigint, in_limit bigint)
returns table (size bigint, root bytea, note text, signed_at timestamptz, token bytea, stamped_at timestamptz)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select c.size, c.root, c.note, c.signed_at, t.token, t.stamped_at
      from audit_checkpoint as c left join audit_timestamp as t on t.size = c.size
     where c.size > in_after order by c.size limit in_limit
$$;
