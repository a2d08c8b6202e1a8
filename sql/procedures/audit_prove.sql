-- SPDX-License-Identifier: Apache-2.0
-- An event with the proof that it is in the tree that the newest checkpoint signs: its leaf, and the path from there to
-- the root, one hash of 32 octets after the other. Outcomes: proven, event_unknown, event_not_signed. Reads only.
create or replace function xuqi.audit_prove(
    in_event_id bigint, out outcome text, out leaf_index bigint, out hash bytea, out event_id bigint, out present boolean,
    out writer text, out writer_seq bigint, out at_us bigint, out xid bigint, out actor text, out action text,
    out object text, out detail text, out mac bytea, out path bytea, out size bigint, out note text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    e     audit_event;
    leaf  audit_leaf;
    head  audit_checkpoint;
begin
    select * into e from audit_event where id = in_event_id;
    select * into leaf from audit_leaf as l where l.event_id = in_event_id;
    select * into head from audit_checkpoint as c order by c.size desc limit 1;
    outcome := case when e.id is null then 'event_unknown'
                    when leaf.event_id is null or head.size is null or leaf.leaf_index >= head.size then 'event_not_signed'
                    else 'proven' end;
    if outcome <> 'proven' then
        return;
    end if;
    leaf_index := leaf.leaf_index;
    hash := leaf.hash;
    event_id := e.id;
    present := true;
    writer := e.writer;
    writer_seq := e.writer_seq;
    at_us := (extract(epoch from e.at) * 1000000)::bigint;
    xid := e.xid::text::bigint;
    actor := e.actor;
    action := e.action;
    object := e.object;
    detail := e.detail;
    mac := e.mac;
    path := coalesce((select string_agg(step, '' order by n)
                        from unnest(audit_inclusion(leaf.leaf_index, 0, head.size)) with ordinality as p (step, n)), '');
    size := head.size;
    note := head.note;
end
$$;
