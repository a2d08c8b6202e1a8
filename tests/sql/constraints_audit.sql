-- SPDX-License-Identifier: Apache-2.0
-- As constraints.sql, of the audit trail and its tree. One row of each is made here.
set search_path = story;
\ir support/refusals.sql

set session_replication_role = replica;
insert into xuqi.audit_event (actor, action, object) values ('a', 'b', 'c');
insert into xuqi.audit_leaf (leaf_index, event_id, hash) values (0, 1, sha256(''));
insert into xuqi.audit_node (level, node_index, hash) values (4, 0, sha256(''));
insert into xuqi.audit_checkpoint (size, root, note) values (1, sha256(''), 'note');
insert into xuqi.audit_timestamp (size, token, stamped_at) values (1, 'token', now());
set session_replication_role = origin;

select breaks('audit_event_writer_seq_check', 'audit_event', 'writer_seq = -1');
select breaks('audit_event_mac_check', 'audit_event', 'mac = ''short''');
select breaks('audit_leaf_leaf_index_check', 'audit_leaf', 'leaf_index = -1');
select breaks('audit_leaf_hash_check', 'audit_leaf', 'hash = ''short''');
select doubles('audit_leaf_pkey', 'audit_leaf', '{"event_id": 999999}');
select doubles('audit_leaf_event_id_key', 'audit_leaf', '{"leaf_index": 999999}');
select breaks('audit_node_level_check', 'audit_node', change) from unnest(array['level = 0', 'level = 5']) as change;
select breaks('audit_node_node_index_check', 'audit_node', 'node_index = -1');
select breaks('audit_node_hash_check', 'audit_node', 'hash = ''short''');
select doubles('audit_node_pkey', 'audit_node');
select breaks('audit_tree_one_check', 'audit_tree', 'one = false');
select breaks('audit_tree_size_check', 'audit_tree', 'size = -1');
select doubles('audit_tree_pkey', 'audit_tree');
select breaks('audit_checkpoint_size_check', 'audit_checkpoint', 'size = 0');
select breaks('audit_checkpoint_root_check', 'audit_checkpoint', 'root = ''short''');
select breaks('audit_checkpoint_note_check', 'audit_checkpoint', 'note = ''''');
select doubles('audit_checkpoint_pkey', 'audit_checkpoint');
select breaks('audit_timestamp_token_check', 'audit_timestamp', 'token = ''''');
select breaks('audit_timestamp_size_fkey', 'audit_timestamp', 'size = 999999');
select doubles('audit_timestamp_pkey', 'audit_timestamp');

-- What a process is told of its own events, so that it can vouch for them.
\set told `psql -XAtq -c "select set_config('xuqi.audit_writer', 'web/1 0 ab ' || repeat('0', 64), false)" -c "insert into xuqi.audit_event (actor, action, object) values ('a', 'b', 'told')" 2>&1 | grep -c 'xuqi audit web/1 1 [0-9a-f]'`
select same('its writer is told of an event', :'told', '1');
