-- SPDX-License-Identifier: Apache-2.0
-- Events that have no leaf yet, in the order in which they would get them. Reads only.
create or replace function xuqi.audit_unsealed(in_limit bigint)
returns table (event_id bigint, writer text, writer_seq bigint, at_us bigint, xid bigint, actor text, action text,
               object text, detail text, mac bytea)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select e.id, e.writer, e.writer_seq, (extract(epoch from e.at) * 1000000)::bigint, e.xid::text::bigint, e.actor,
           e.action, e.object, e.detail, e.mac
      from audit_event as e left join audit_leaf as l on l.event_id = e.id
     where l.event_id is null
     order by e.xid, e.id
     limit in_limit
$$;
