-- SPDX-License-Identifier: Apache-2.0
-- The migration register, the audit trail, and what every append-only table uses.
begin;

create table xuqi.schema_migration (
    number     bigint primary key,
    name       text not null,
    sha256     text not null,
    applied_at timestamptz not null default now()
);
comment on table xuqi.schema_migration is 'What deploy/migrate has applied; sha256 is that of the file';

create function xuqi.forbid() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    raise exception '% on %.% is forbidden: append-only', tg_op, tg_table_schema, tg_table_name
        using errcode = '23514';
end
$$;

-- Written by every procedure in its own transaction. Sealed later, asynchronously: no chain here, which would make all
-- commits wait for each other.
create table xuqi.audit_event (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default clock_timestamp(),
    writer  integer not null default pg_backend_pid(),
    xid     xid8 not null default pg_current_xact_id(),
    actor   text not null,
    action  text not null,
    object  text not null,
    detail  text not null default ''
);
comment on table xuqi.audit_event is 'Who did what to which object. Never personal data, never secrets';
create trigger append_only before update or delete or truncate on xuqi.audit_event
    for each statement execute function xuqi.forbid();

insert into xuqi.schema_migration (number, name, sha256) values (1, 'foundation', :'sha256');
commit;
