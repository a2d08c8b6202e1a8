-- SPDX-License-Identifier: Apache-2.0
-- The web hall's own accounts: who renews without the current key. An account is a mobile number that was proved by a
-- code; a name and a password may come with it. Numbers are sealed by the server and found by a keyed hash.
begin;

create table xuqi.portal_account (
    id            bigint generated always as identity primary key,
    mobile_index  bytea not null unique check (length(mobile_index) = 32),
    mobile_sealed bytea not null,
    mobile_masked text not null,
    name          text unique check (name ~ '^[a-z0-9][a-z0-9_.-]{3,31}$' and name ~ '[a-z]'),
    password_hash text,
    status        text not null default 'active' check (status in ('active', 'disabled')),
    created_at    timestamptz not null default now(),
    check ((name is null) = (password_hash is null))
);
comment on column xuqi.portal_account.name is 'Holds a letter, so that it is never somebody''s mobile number';
create trigger never_removed before delete or truncate on xuqi.portal_account
    for each statement execute function xuqi.forbid();

create table xuqi.portal_session (
    token_digest bytea primary key check (length(token_digest) = 32),
    account_id   bigint not null references xuqi.portal_account,
    proof        text not null check (proof in ('portal_account', 'sms_code')),
    created_at   timestamptz not null default now(),
    expires_at   timestamptz not null,
    idle_s       bigint not null check (idle_s > 0),
    idle_until   timestamptz not null,
    ended_at     timestamptz
);
comment on column xuqi.portal_session.proof is 'How its owner logged in: platforms name the ways they take';
create index portal_session_account on xuqi.portal_session (account_id) where ended_at is null;
create index portal_session_expires on xuqi.portal_session (expires_at);

create table xuqi.sms_code (
    id            bigint generated always as identity primary key,
    mobile_index  bytea not null check (length(mobile_index) = 32),
    mobile_sealed bytea not null,
    purpose       text not null check (purpose in ('register', 'login', 'password')),
    salt          bytea not null unique check (length(salt) = 32),
    code_digest   bytea not null check (length(code_digest) = 32),
    address_mark  bytea not null check (length(address_mark) = 32),
    tries         bigint not null default 0 check (tries between 0 and 5),
    requested_at  timestamptz not null default now(),
    expires_at    timestamptz not null,
    used_at       timestamptz,
    ended_at      timestamptz,
    check (tries < 5 or ended_at is not null),
    check (used_at is null or ended_at is not null)
);
comment on column xuqi.sms_code.salt is 'Random; the code follows from it under a key that the database does not have';
comment on column xuqi.sms_code.code_digest is 'Keyed hash of number, purpose and code';
comment on column xuqi.sms_code.ended_at is 'Used, tried too often, or another code was asked for';
create unique index sms_code_live on xuqi.sms_code (mobile_index, purpose) where ended_at is null;
create index sms_code_mobile on xuqi.sms_code (mobile_index, requested_at);
create index sms_code_address on xuqi.sms_code (address_mark, requested_at);
create index sms_code_requested on xuqi.sms_code (requested_at);

alter table xuqi.login_failure
    drop constraint login_failure_kind_check,
    add constraint login_failure_kind_check check (kind in ('name', 'address', 'portal_account', 'portal_address'));

insert into xuqi.schema_migration (number, name, sha256) values (14, 'portal', :'sha256');
commit;
