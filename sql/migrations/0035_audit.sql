-- SPDX-License-Identifier: Apache-2.0
-- The audit trail: each event has its writer, the writer's sequence and a MAC that its writer's session alone could make;
-- events are sealed into the leaves of an RFC 6962 tree, whose heads are signed outside of the database
-- (docs/decisions/0022-audit.md).
begin;

alter table xuqi.audit_event drop column writer;
alter table xuqi.audit_event
    add column writer     text not null default '',
    add column writer_seq bigint not null default 0 check (writer_seq >= 0),
    add column mac        bytea not null default '\x' check (length(mac) in (0, 32));
comment on column xuqi.audit_event.writer is
    'A session of a process of ours; unnamed/… of a session without a key; empty only of events from before sequences';
comment on column xuqi.audit_event.writer_seq is '1, 2, 3 … of each writer: a session setting, so that what was rolled back leaves no gap';
comment on column xuqi.audit_event.mac is 'SHA-256 of the writer''s key of this moment, the leaf and the mac before; see audit_sequence';
create index audit_event_xid on xuqi.audit_event (xid, id);
create index audit_event_object on xuqi.audit_event (object, id);

-- What is hashed of an event. Never changed: another form would be another first field.
create function xuqi.audit_canonical(e xuqi.audit_event) returns bytea
language sql immutable set search_path = xuqi, pg_temp as $$
    select convert_to(
        '1:1'
        || octet_length(e.id::text) || ':' || e.id
        || octet_length(e.writer) || ':' || e.writer
        || octet_length(e.writer_seq::text) || ':' || e.writer_seq
        || octet_length((extract(epoch from e.at) * 1000000)::bigint::text) || ':' || (extract(epoch from e.at) * 1000000)::bigint
        || octet_length(e.xid::text) || ':' || e.xid
        || octet_length(e.actor) || ':' || e.actor
        || octet_length(e.action) || ':' || e.action
        || octet_length(e.object) || ':' || e.object
        || octet_length(e.detail) || ':' || e.detail, 'UTF8')
$$;

-- The session's setting xuqi.audit_writer holds "writer sequence key mac". A process of ours gives its session a name and a
-- key when it connects; the key is hashed forward with each event, so that the session's present key does not lead back
-- to those before. Settings go back with a transaction that is rolled back.
create function xuqi.audit_sequence() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    state text[] := string_to_array(current_setting('xuqi.audit_writer', true), ' ');
    key   bytea;
begin
    if cardinality(state) is distinct from 4 then
        state := array['unnamed/' || gen_random_uuid(), '0', '', repeat('0', 64)];
    end if;
    key := decode(state[3], 'hex');
    new.xid := pg_current_xact_id();
    new.writer := state[1];
    new.writer_seq := state[2]::bigint + 1;
    new.mac := sha256(key || sha256('\x00' || audit_canonical(new)) || decode(state[4], 'hex'));
    perform set_config('xuqi.audit_writer', concat_ws(' ', new.writer, new.writer_seq,
        case when key = '' then '' else encode(sha256(key), 'hex') end, encode(new.mac, 'hex')), false);
    return new;
end
$$;
create trigger sequence before insert on xuqi.audit_event
    for each row execute function xuqi.audit_sequence();

-- The process is told what it wrote, when nothing of it can be rolled back to a savepoint any more.
create function xuqi.audit_tell() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if new.writer not like 'unnamed/%' then
        raise info 'xuqi audit % % %', new.writer, new.writer_seq, encode(new.mac, 'hex');
    end if;
    return null;
end
$$;
create constraint trigger tell after insert on xuqi.audit_event deferrable initially deferred
    for each row execute function xuqi.audit_tell();
alter table xuqi.audit_event enable always trigger append_only;
alter table xuqi.audit_event enable always trigger sequence;

-- -- the tree: leaves, and every fourth level of the nodes above them ------------------------------------------------

create table xuqi.audit_leaf (
    leaf_index bigint primary key check (leaf_index >= 0),
    event_id   bigint not null unique,
    hash       bytea not null check (length(hash) = 32),
    sealed_at  timestamptz not null default clock_timestamp()
);
comment on table xuqi.audit_leaf is
    'RFC 6962 2.1: SHA-256 of a zero octet and the event''s canonical form. No foreign key: it would write to every event again';
create table xuqi.audit_node (
    level      bigint not null check (level > 0 and level % 4 = 0),
    node_index bigint not null check (node_index >= 0),
    hash       bytea not null check (length(hash) = 32),
    primary key (level, node_index)
);
comment on table xuqi.audit_node is 'Roots of whole subtrees of 2^level leaves: what proofs are made of';
create table xuqi.audit_tree (
    one      boolean primary key default true check (one),
    size     bigint not null default 0 check (size >= 0),
    xid_from xid8 not null default '0'
);
comment on column xuqi.audit_tree.xid_from is 'Every event of an older transaction is sealed';
insert into xuqi.audit_tree default values;
create function xuqi.audit_tree_grows() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if new.size < old.size then
        raise exception 'the audit tree has % leaves and cannot have %', old.size, new.size using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger grows before update on xuqi.audit_tree for each row execute function xuqi.audit_tree_grows();
create trigger never_removed before delete or truncate on xuqi.audit_tree
    for each statement execute function xuqi.forbid();

-- -- tree heads, signed by the issuer --------------------------------------------------------------------------------

create table xuqi.audit_checkpoint (
    size      bigint primary key check (size > 0),
    root      bytea not null check (length(root) = 32),
    note      text not null check (note <> ''),
    signed_at timestamptz not null default clock_timestamp()
);
comment on column xuqi.audit_checkpoint.note is 'A C2SP checkpoint: origin, size, root, and the audit key''s signature';
create table xuqi.audit_timestamp (
    size       bigint primary key references xuqi.audit_checkpoint,
    token      bytea not null check (length(token) > 0),
    stamped_at timestamptz not null,
    created_at timestamptz not null default clock_timestamp()
);
comment on column xuqi.audit_timestamp.token is 'TimeStampResp (RFC 3161) over the checkpoint''s note; stamped_at is what it says';

do $$
declare
    name text;
begin
    foreach name in array array['audit_leaf', 'audit_node', 'audit_checkpoint', 'audit_timestamp'] loop
        execute format('create trigger append_only before update or delete or truncate on xuqi.%I
                            for each statement execute function xuqi.forbid()', name);
        execute format('alter table xuqi.%I enable always trigger append_only', name);
    end loop;
end
$$;

insert into xuqi.schema_migration (number, name, sha256) values (35, 'audit', :'sha256');
commit;
