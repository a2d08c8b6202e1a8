-- SPDX-License-Identifier: Apache-2.0
-- Certificate revocation lists (RFC 5280 5), each as it was signed. The newest is the current one.
begin;

create table xuqi.crl (
    number      bigint primary key check (number > 0),
    this_update timestamptz not null,
    next_update timestamptz not null,
    revocations bigint not null check (revocations >= 0),
    der         bytea not null check (length(der) > 0),
    recorded_at timestamptz not null default clock_timestamp(),
    check (next_update > this_update)
);
comment on column xuqi.crl.revocations is
    'Revocations known when it was made, expired ones too. They only grow: more of them now means that it is out of date';
alter table xuqi.crl alter column der set storage external;
create trigger append_only before update or delete or truncate on xuqi.crl
    for each statement execute function xuqi.forbid();

create index certificate_revoked on xuqi.certificate (not_after) where revoked_at is not null;

insert into xuqi.schema_migration (number, name, sha256) values (7, 'crl', :'sha256');
commit;
