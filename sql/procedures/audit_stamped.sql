-- SPDX-License-Identifier: Apache-2.0
-- The checkpoint with a time stamp that says most about an event: the first one that covers it, else the last one before it.
-- No row: nothing was stamped, or there is no such event. Reads only.
create or replace function xuqi.audit_stamped(in_event_id bigint)
returns table (size bigint, root bytea, note text, signed_at timestamptz, token bytea, stamped_at timestamptz)
language sql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
    with leaf as (select leaf_index from audit_leaf where event_id = in_event_id),
         chosen as (
            select coalesce((select min(t.size) from audit_timestamp as t where t.size > leaf.leaf_index),
                            (select max(t.size) from audit_timestamp as t)) as size
              from leaf)
    select c.size, c.root, c.note, c.signed_at, t.token, t.stamped_at
      from chosen join audit_checkpoint as c on c.size = chosen.size join audit_timestamp as t on t.size = c.size
$$;
