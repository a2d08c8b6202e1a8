-- SPDX-License-Identifier: Apache-2.0
-- Staff: duties that stay apart, rights per platform, since when and by whom; requests that two people decide; enrolment
-- by the person themselves; client certificates.
begin;

-- What staff decides about staff, prices and the halt switch: asked by one, decided by another, once.
create table xuqi.admin_request (
    id              bigint generated always as identity primary key,
    request_key     text not null unique check (request_key ~ '^[0-9A-Za-z_-]{8,64}$'),
    kind            text not null check (kind in ('staff_add', 'staff_change', 'staff_enrol', 'price', 'halt', 'release')),
    subject         text not null check (subject <> ''),
    subject_version bigint not null default 0,
    display_name    text not null default '',
    roles           text[] not null default '{}',
    platforms       text[] not null default '{}',
    price_days      text[] not null default '{}',
    price_months    bigint[] not null default '{}',
    price_names     text[] not null default '{}',
    price_units     bigint[] not null default '{}',
    price_quantities bigint[] not null default '{}',
    was             text not null default '',
    becomes         text not null default '',
    reason          text not null check (reason ~ '[^ ]' and length(reason) <= 500),
    state           text not null default 'asked' check (state in ('asked', 'done', 'refused')),
    asked_by        bigint not null references xuqi.staff,
    asked_at        timestamptz not null default clock_timestamp(),
    expires_at      timestamptz not null check (expires_at > asked_at),
    decided_by      bigint references xuqi.staff,
    decided_at      timestamptz,
    constraint admin_request_decided check ((state = 'asked') = (decided_by is null)
                                            and (decided_by is null) = (decided_at is null)),
    constraint admin_request_two_people check (state <> 'done' or decided_by <> asked_by)
);
comment on column xuqi.admin_request.subject is 'Name of an account, a platform, or issuer';
comment on column xuqi.admin_request.was is 'What would change, as both people read it: before; becomes: after';
create index admin_request_asked on xuqi.admin_request (id) where state = 'asked';
create trigger never_removed before delete or truncate on xuqi.admin_request
    for each statement execute function xuqi.forbid();

create function xuqi.admin_request_frozen() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.state <> 'asked'
       or to_jsonb(new) - '{state,decided_by,decided_at}'::text[] is distinct from to_jsonb(old) - '{state,decided_by,decided_at}'::text[] then
        raise exception 'request %: decided once, and never changed', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger frozen before update on xuqi.admin_request for each row execute function xuqi.admin_request_frozen();

-- Who reviews neither refunds nor administers; who administers sees no case; who audits does nothing else.
create function xuqi.duties_clash(in_roles text[]) returns boolean
language sql immutable set search_path = xuqi, pg_temp as $$
    select (in_roles && array['reviewer', 'senior_reviewer'])::int + (in_roles && array['finance'])::int
           + (in_roles && array['auditor'])::int + (in_roles && array['administrator'])::int > 1
$$;

alter table xuqi.staff drop constraint staff_status_check;
alter table xuqi.staff
    add constraint staff_status_check check (status in ('invited', 'active', 'disabled')),
    add column platforms       text[] not null default '{*}',
    add column version         bigint not null default 1 check (version >= 1),
    add column last_used_at    timestamptz,
    add column enrolment_digest bytea unique check (length(enrolment_digest) = 32),
    add column enrolment_until timestamptz,
    add constraint staff_platforms check (cardinality(platforms) > 0 and array_position(platforms, null) is null
                                          and (platforms = array['*'] or not '*' = any (platforms))),
    add constraint staff_enrolment check ((enrolment_digest is null) = (enrolment_until is null)
                                          and (enrolment_digest is null or status = 'invited'));
comment on column xuqi.staff.platforms is 'Whose cases and orders they see: ids of platforms, or * for all';
comment on column xuqi.staff.version is 'Raised with every change of the account';
comment on column xuqi.staff.enrolment_digest is 'SHA-256 of the token by which the person sets password and one-time codes';
update xuqi.staff as person set last_used_at =
    (select max(seat.created_at) from xuqi.staff_session as seat where seat.staff_id = person.id);

create function xuqi.staff_duties_apart() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if duties_clash(new.roles) then
        raise exception 'staff %: duties of % stay apart', new.name, new.roles using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger duties_apart before insert or update of roles on xuqi.staff
    for each row execute function xuqi.staff_duties_apart();

-- Since when somebody has which rights, and by whose decision: what an access review asks.
create table xuqi.staff_grant (
    id         bigint generated always as identity primary key,
    staff_id   bigint not null references xuqi.staff,
    roles      text[] not null,
    platforms  text[] not null,
    granted_by text not null check (granted_by <> ''),
    granted_at timestamptz not null default clock_timestamp(),
    ended_at   timestamptz
);
create unique index staff_grant_one on xuqi.staff_grant (staff_id) where ended_at is null;
create trigger never_removed before delete or truncate on xuqi.staff_grant
    for each statement execute function xuqi.forbid();
insert into xuqi.staff_grant (staff_id, roles, platforms, granted_by, granted_at)
select id, roles, platforms, 'admin', created_at from xuqi.staff where status = 'active';

-- A client certificate stands for password and one-time code; by its fingerprint, so that another one of the same name does not.
create table xuqi.staff_certificate (
    fingerprint bytea primary key check (length(fingerprint) = 32),
    staff_id    bigint not null references xuqi.staff,
    subject     text not null,
    serial      text not null,
    not_after   timestamptz not null,
    added_at    timestamptz not null default clock_timestamp(),
    removed_at  timestamptz
);
create index staff_certificate_staff on xuqi.staff_certificate (staff_id);
create trigger never_removed before delete or truncate on xuqi.staff_certificate
    for each statement execute function xuqi.forbid();

insert into xuqi.schema_migration (number, name, sha256) values (34, 'staff', :'sha256');
commit;
