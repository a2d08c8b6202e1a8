-- SPDX-License-Identifier: Apache-2.0
-- Who applies is who he says: photos of the identity card taken by telephone, liveness and telecom checks by a provider.
begin;

alter table xuqi.renewal add column required_identity_steps text[] not null default '{}'
    constraint renewal_identity_steps check (required_identity_steps <@ array['id_photos', 'liveness', 'telecom']);
comment on column xuqi.renewal.required_identity_steps is 'As the platform was at submission';

create function xuqi.renewal_requires_steps() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    raise exception 'renewal %: required identity steps may not change', old.renewal_no using errcode = '23514';
end
$$;
create trigger requires_steps before update of required_identity_steps on xuqi.renewal for each row
    when (new.required_identity_steps is distinct from old.required_identity_steps)
    execute function xuqi.renewal_requires_steps();

alter table xuqi.material
    drop constraint material_kind_check,
    add constraint material_kind_check check (kind in (
        'application_form', 'business_licence', 'agent_id', 'authorisation', 'id_photo_front', 'id_photo_back')),
    add constraint material_photo check (kind not in ('id_photo_front', 'id_photo_back')
                                         or page = 1 and content_type <> 'application/pdf');

create table xuqi.phone_link (
    id            bigint generated always as identity primary key,
    renewal_no    text not null references xuqi.renewal,
    token_digest  bytea not null unique check (length(token_digest) = 32),
    device_digest bytea check (length(device_digest) = 32),
    created_at    timestamptz not null default clock_timestamp(),
    expires_at    timestamptz not null,
    opened_at     timestamptz,
    ended_at      timestamptz,
    ended_by      text check (ended_by in ('phone', 'newer', 'submission')),
    check ((device_digest is null) = (opened_at is null)),
    check ((ended_at is null) = (ended_by is null)),
    check (expires_at > created_at)
);
comment on table xuqi.phone_link is 'What a telephone is let in with: once, by one device, for one renewal';
create unique index phone_link_live on xuqi.phone_link (renewal_no) where ended_at is null;
create index phone_link_renewal on xuqi.phone_link (renewal_no, created_at);
create trigger never_removed before delete or truncate on xuqi.phone_link
    for each statement execute function xuqi.forbid();
create trigger touches after insert or update on xuqi.phone_link
    for each row execute function xuqi.renewal_touched();

create table xuqi.identity_check (
    id            bigint generated always as identity primary key,
    renewal_no    text not null references xuqi.renewal,
    kind          text not null check (kind in ('liveness', 'telecom')),
    state         text not null check (state in ('asking', 'open', 'passed', 'failed', 'manual', 'void')),
    provider      text not null default '',
    reason        text not null default '' check (reason ~ '^[a-z_]*$'),
    similarity    bigint check (similarity between 0 and 10000),
    reference     text not null default '',
    answer_sealed bytea,
    token_digest  bytea unique check (length(token_digest) = 32),
    token_sealed  bytea,
    url_sealed    bytea,
    asked_at      timestamptz not null default clock_timestamp(),
    expires_at    timestamptz,
    decided_at    timestamptz,
    looks         bigint not null default 0,
    next_look_at  timestamptz,
    lease_token   bigint not null default 0,
    lease_until   timestamptz,
    check ((decided_at is null) = (state in ('asking', 'open'))),
    check ((next_look_at is not null) = (state = 'open')),
    check (state not in ('passed', 'failed', 'manual') or provider <> ''),
    check (state not in ('failed', 'manual', 'void') or reason <> '')
) with (fillfactor = 80);
comment on table xuqi.identity_check is 'Each asking of a provider and what came of it; decided rows never change';
comment on column xuqi.identity_check.state is
    'asking: the provider was asked to begin; open: looked at until decided; void: ended without a verdict';
comment on column xuqi.identity_check.similarity is 'In hundredths of a percent, as the provider said';
create unique index identity_check_live on xuqi.identity_check (renewal_no, kind) where state in ('asking', 'open');
create unique index identity_check_settled on xuqi.identity_check (renewal_no, kind) where state in ('passed', 'manual');
create index identity_check_renewal on xuqi.identity_check (renewal_no, id);
create index identity_check_due on xuqi.identity_check (next_look_at) where state = 'open';

-- A verdict is part of what a reviewer approves: none after the applicant has submitted, and none is changed.
create function xuqi.identity_check_changes() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if tg_op = 'UPDATE' and to_jsonb(new) - array['answer_sealed', 'token_sealed', 'url_sealed']
                            = to_jsonb(old) - array['answer_sealed', 'token_sealed', 'url_sealed'] then
        return new; -- sealed anew, or gone with an erasure
    end if;
    if tg_op = 'UPDATE' and old.decided_at is not null then
        raise exception 'renewal %: its % check is decided', old.renewal_no, old.kind using errcode = '23514';
    end if;
    if new.state in ('passed', 'failed', 'manual')
       and not exists (select from renewal where renewal_no = new.renewal_no and status in ('draft', 'returned')) then
        raise exception 'renewal %: its identity checks may not change any more', new.renewal_no
            using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger changes before insert or update on xuqi.identity_check
    for each row execute function xuqi.identity_check_changes();
create trigger never_removed before delete or truncate on xuqi.identity_check
    for each statement execute function xuqi.forbid();
-- Not for every look.
create trigger touches after insert or update of state on xuqi.identity_check
    for each row execute function xuqi.renewal_touched();

insert into xuqi.sealed_column (name, place, kind, table_name, column_name, lead, row_key, context)
select 'identity_check.' || column_name, place, 'sealed', 'identity_check', column_name, 'renewal_no',
       'renewal_no || ''/'' || id', 'convert_to(id::text, ''UTF8'')'
  from (values ('answer_sealed', 'identity.answer'), ('token_sealed', 'identity.token'),
               ('url_sealed', 'identity.url')) as listed (column_name, place);

-- They know of the identity steps now.
drop function if exists xuqi.renewal_submit;
drop function if exists xuqi.renewal_progress;

insert into xuqi.schema_migration (number, name, sha256) values (21, 'identity', :'sha256');
commit;
