-- SPDX-License-Identifier: Apache-2.0
-- Gives the next places in the tree to events that were committed and have none, of each writer in its order, and keeps
-- the nodes that became whole. One at a time: another one finds nothing to do meanwhile. What commits late gets its
-- place late: only events of transactions that began before every one still running are not looked at again. Safe to
-- call again; call again while `sealed` reaches the limit.
create or replace function xuqi.audit_seal(in_limit bigint, out sealed bigint, out size bigint)
language plpgsql security definer set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    tree  audit_tree;
    since xid8;
    width bigint := 16;
    depth bigint := 4;
begin
    sealed := 0;
    select * into strict tree from audit_tree;
    if not pg_try_advisory_xact_lock(hashtextextended('xuqi audit seal', 0)) then
        size := tree.size;
        return;
    end if;
    select * into strict tree from audit_tree;
    -- Taken before the events are looked at. A cluster restored from a dump counts anew: everything is looked at then.
    since := pg_snapshot_xmin(pg_current_snapshot());
    with fresh as materialized (
        select e.id, e.xid, sha256('\x00' || audit_canonical(e)) as hash
          from audit_event as e
         where e.xid >= case when since < tree.xid_from then '0'::xid8 else tree.xid_from end
           and (select l.leaf_index from audit_leaf as l where l.event_id = e.id) is null
         order by e.xid, e.id
         limit in_limit)
    insert into audit_leaf (leaf_index, event_id, hash)
    select tree.size + row_number() over (order by xid, id) - 1, id, hash from fresh;
    get diagnostics sealed = row_count;
    size := tree.size + sealed;
    -- Sixteen leaves make a node, sixteen nodes one of the next level that is kept.
    while size / width > tree.size / width loop
        insert into audit_node (level, node_index, hash)
        select depth, i, audit_root(case when depth = 4
                   then array(select l.hash from audit_leaf as l
                               where l.leaf_index >= i * 16 and l.leaf_index < (i + 1) * 16 order by l.leaf_index)
                   else array(select n.hash from audit_node as n
                               where n.level = depth - 4 and n.node_index >= i * 16 and n.node_index < (i + 1) * 16
                               order by n.node_index) end)
          from generate_series(tree.size / width, size / width - 1) as i;
        width := width * 16;
        depth := depth + 4;
    end loop;
    update audit_tree set size = audit_seal.size, xid_from = case when sealed < in_limit then since else tree.xid_from end
     where sealed > 0 or since < tree.xid_from;
end
$$;
