-- SPDX-License-Identifier: Apache-2.0
-- What the administration's pages show: by whose decision issuance was halted, and the funnel of the last thirty days,
-- counted now and then instead of each time somebody looks.
begin;

alter table xuqi.halt
    add column halted_by   text not null default 'admin' check (halted_by <> ''),
    add column released_by text;
comment on column xuqi.halt.halted_by is 'admin: the console; request N: two administrators';

create table xuqi.funnel (
    platform   text primary key,
    submitted  bigint not null,
    paid       bigint not null check (paid between 0 and submitted),
    approved   bigint not null check (approved between 0 and paid),
    issued     bigint not null check (issued between 0 and approved),
    installed  bigint not null check (installed between 0 and issued),
    counted_at timestamptz not null
);
comment on table xuqi.funnel is 'How far the renewals came that were submitted in the last thirty days';

drop function if exists xuqi.staff_list(bytea, bigint); -- it says now who is locked as well

insert into xuqi.schema_migration (number, name, sha256) values (39, 'administration', :'sha256');
commit;
