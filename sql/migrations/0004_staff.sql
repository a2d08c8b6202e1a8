-- SPDX-License-Identifier: Apache-2.0
-- Staff, their sessions, what failed to log in, and reviewers' approvals.
begin;

create table xuqi.staff (
    id             bigint generated always as identity primary key,
    name           text not null unique check (name <> ''),
    display_name   text not null,
    password_hash  text not null,
    totp_sealed    bytea not null,
    totp_step      bigint not null default 0,
    roles          text[] not null check (roles <@ array['reviewer', 'senior_reviewer', 'finance', 'auditor',
                                                         'administrator']),
    status         text not null default 'active' check (status in ('active', 'disabled')),
    created_at     timestamptz not null default now()
);
comment on column xuqi.staff.totp_step is 'The last time step used: each one-time code works once';
create trigger never_removed before delete or truncate on xuqi.staff
    for each statement execute function xuqi.forbid();

create table xuqi.staff_session (
    token_digest bytea primary key check (length(token_digest) = 32),
    staff_id     bigint not null references xuqi.staff,
    created_at   timestamptz not null default now(),
    expires_at   timestamptz not null,
    idle_s       bigint not null check (idle_s > 0),
    idle_until   timestamptz not null,
    ended_at     timestamptz
);
create index staff_session_staff on xuqi.staff_session (staff_id) where ended_at is null;
create index staff_session_expires on xuqi.staff_session (expires_at);

create table xuqi.login_failure (
    id      bigint generated always as identity primary key,
    kind    text not null check (kind in ('name', 'address')),
    subject bytea not null check (length(subject) = 32),
    at      timestamptz not null default now()
);
comment on column xuqi.login_failure.subject is 'SHA-256: people type passwords into the name field';
create index login_failure_subject on xuqi.login_failure (kind, subject, at);
create index login_failure_at on xuqi.login_failure (at);

create table xuqi.approval (
    id           bigint generated always as identity primary key,
    renewal_no   text not null references xuqi.renewal,
    staff_id     bigint not null references xuqi.staff,
    content_hash bytea not null check (length(content_hash) = 32),
    approved_at  timestamptz not null default now(),
    voided_at    timestamptz
);
comment on column xuqi.approval.voided_at is 'Set when the renewal was returned for correction';
create unique index approval_once on xuqi.approval (renewal_no, staff_id) where voided_at is null;
create index approval_staff on xuqi.approval (staff_id, renewal_no);
create trigger never_removed before delete or truncate on xuqi.approval
    for each statement execute function xuqi.forbid();

create function xuqi.approval_frozen() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.voided_at is not null
       or (new.id, new.renewal_no, new.staff_id, new.content_hash, new.approved_at)
          is distinct from (old.id, old.renewal_no, old.staff_id, old.content_hash, old.approved_at) then
        raise exception 'approval %: may only be voided, once', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger frozen before update on xuqi.approval for each row execute function xuqi.approval_frozen();

alter table xuqi.renewal
    add foreign key (claimed_by) references xuqi.staff,
    add foreign key (rejected_by) references xuqi.staff;

insert into xuqi.schema_migration (number, name, sha256) values (4, 'staff', :'sha256');
commit;
