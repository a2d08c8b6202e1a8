-- SPDX-License-Identifier: Apache-2.0
-- Write-ahead issuance: the intent (serial and TBS) is committed before the HSM is asked.
begin;

create table xuqi.issuer_lease (
    only_one boolean primary key default true check (only_one),
    holder   text not null,
    until    timestamptz not null,
    fence    bigint not null
);
insert into xuqi.issuer_lease (holder, until, fence) values ('', '-infinity', 0);

create table xuqi.halt (
    id          bigint generated always as identity primary key,
    reason      text not null,
    halted_at   timestamptz not null default now(),
    released_at timestamptz
);
create unique index halt_one on xuqi.halt ((true)) where released_at is null;

create table xuqi.issuance (
    id                      bigint generated always as identity primary key,
    renewal_no              text not null references xuqi.renewal,
    fence                   bigint not null,
    state                   text not null default 'intended' check (state in ('intended', 'signed', 'abandoned')),
    serial                  bytea not null unique check (length(serial) = 16),
    csr_spki_sha256         bytea not null check (length(csr_spki_sha256) = 32),
    csr_der                 bytea not null,
    request_evidence_sha256 bytea not null check (length(request_evidence_sha256) = 32),
    not_before              timestamptz not null,
    not_after               timestamptz not null check (not_after > not_before),
    tbs                     bytea not null,
    content_hash            bytea not null check (length(content_hash) = 32),
    intended_at             timestamptz not null default clock_timestamp(),
    ended_at                timestamptz,
    certificate_fingerprint bytea unique references xuqi.certificate,
    check ((state = 'signed') = (certificate_fingerprint is not null)),
    check ((state = 'intended') = (ended_at is null))
);
comment on column xuqi.issuance.serial is 'Unique forever, abandoned ones included: never signed twice';
comment on column xuqi.issuance.certificate_fingerprint is 'The certificate, once signed; its DER is kept there only';
alter table xuqi.issuance
    alter column csr_der set storage external,
    alter column tbs set storage external;
create unique index issuance_live on xuqi.issuance (renewal_no) where state in ('intended', 'signed');
create unique index issuance_live_key on xuqi.issuance (csr_spki_sha256) where state in ('intended', 'signed');
create index issuance_intended on xuqi.issuance (fence) where state = 'intended';
create trigger never_removed before delete or truncate on xuqi.issuance
    for each statement execute function xuqi.forbid();

create table xuqi.abandoned_serial (
    serial       bytea primary key,
    issuance_id  bigint not null unique references xuqi.issuance,
    reason       text not null,
    abandoned_at timestamptz not null default now()
);
comment on table xuqi.abandoned_serial is 'May have been signed; counts as never issued';
create trigger append_only before update or delete or truncate on xuqi.abandoned_serial
    for each statement execute function xuqi.forbid();

-- Whatever the issuer or a taken web process says: no intent without the current fence, the renewal waiting for its
-- certificate, every order paid in full, enough approvals by different people over exactly this content, no halt.
create function xuqi.issuance_guard() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    wanted renewal;
    fault  text;
begin
    select * into wanted from renewal where renewal.renewal_no = new.renewal_no for update;
    fault := case
        when new.state <> 'intended' then 'does not begin as intended'
        when new.fence is distinct from (select fence from issuer_lease) then 'fence is not the current one'
        when wanted.status is distinct from 'awaiting_install' then 'renewal does not await its certificate'
        when exists (select from halt where released_at is null) then 'issuance is halted'
        when new.not_after <> wanted.not_after then 'validity is not what was promised'
        when not exists (select from "order" where "order".renewal_no = new.renewal_no and state = 'paid')
          or exists (select
                       from "order"
                       left join balance on balance.account_id = "order".receivable_id
                      where "order".renewal_no = new.renewal_no
                        and "order".state <> 'cancelled'
                        and not coalesce(balance.debits > 0 and balance.debits = balance.credits, false))
            then 'is not fully paid'
        when new.content_hash <> renewal_content_hash(new.renewal_no) then 'content is not the renewal''s'
        when (select count(distinct staff_id) from approval
               where approval.renewal_no = new.renewal_no
                 and voided_at is null
                 and approval.content_hash = new.content_hash) < wanted.reviews_required then 'is not approved'
    end;
    if fault is not null then
        raise exception 'issuance for renewal %: %', new.renewal_no, fault using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger guard before insert on xuqi.issuance for each row execute function xuqi.issuance_guard();

create function xuqi.issuance_moves() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.state <> 'intended'
       or (new.id, new.renewal_no, new.fence, new.serial, new.csr_spki_sha256, new.csr_der,
           new.request_evidence_sha256, new.not_before, new.not_after, new.tbs, new.content_hash, new.intended_at)
          is distinct from
          (old.id, old.renewal_no, old.fence, old.serial, old.csr_spki_sha256, old.csr_der,
           old.request_evidence_sha256, old.not_before, old.not_after, old.tbs, old.content_hash,
           old.intended_at) then
        raise exception 'issuance %: an intent is signed or abandoned once, nothing else', old.id
            using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger moves before update on xuqi.issuance for each row execute function xuqi.issuance_moves();

insert into xuqi.schema_migration (number, name, sha256) values (5, 'issuance', :'sha256');
commit;
