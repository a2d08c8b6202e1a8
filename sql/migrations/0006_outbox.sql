-- SPDX-License-Identifier: Apache-2.0
-- Effects outside. The live table holds only what is to be done, so that it stays tiny.
begin;

create table xuqi.outbox (
    id           bigint generated always as identity primary key,
    topic        text not null,
    dedup_key    text not null,
    event        text not null,
    renewal_no   text not null,
    state        text not null default 'ready' check (state in ('ready', 'leased', 'dead')),
    attempts     bigint not null default 0,
    max_attempts bigint not null default 12 check (max_attempts > 0),
    run_at       timestamptz not null default now(),
    lease_until  timestamptz,
    lease_token  bigint not null default 0,
    last_error   text,
    created_at   timestamptz not null default now(),
    unique (topic, dedup_key),
    check ((state = 'leased') = (lease_until is not null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
        autovacuum_vacuum_cost_delay = 0);
create index outbox_ready on xuqi.outbox (topic, run_at, id) where state <> 'dead';

create table xuqi.outbox_done (
    id         bigint primary key,
    topic      text not null,
    dedup_key  text not null,
    event      text not null,
    renewal_no text not null,
    attempts   bigint not null,
    result     text not null,
    done_at    timestamptz not null default now()
);
create index outbox_done_at on xuqi.outbox_done (done_at);

insert into xuqi.schema_migration (number, name, sha256) values (6, 'outbox', :'sha256');
commit;
