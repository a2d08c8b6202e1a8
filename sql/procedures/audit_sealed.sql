-- SPDX-License-Identifier: Apache-2.0
-- The leaves from one on with their events, in the tree's order; a leaf whose event is gone has null for it. Reads only.
create or replace function xuqi.audit_sealed(in_from bigint, in_limit bigint)
returns table (leaf_index bigint, hash bytea, event_id bigint, present boolean, writer text, writer_seq bigint,
               at_us bigint, xid bigint, actor text, action text, object text, detail text, mac bytea)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select l.leaf_index, l.hash, l.event_id, e.id is not null, e.writer, e.writer_seq,
           (extract(epoch from e.at) * 1000000)::bigint, e.xid::text::bigint, e.actor, e.action, e.object, e.detail, e.mac
      from (select * from audit_leaf where leaf_index >= in_from order by leaf_index limit in_limit) as l
      left join audit_event as e on e.id = l.event_id
     order by l.leaf_index
$$;
