-- SPDX-License-Identifier: Apache-2.0
-- Documents that some renewals need before they are paid: scans of signed forms and the like, sealed by the server.
begin;

alter table xuqi.renewal add column required_materials text[] not null default '{}';
comment on column xuqi.renewal.required_materials is 'Kinds of documents asked for, as the platform was at submission';

create function xuqi.renewal_requires() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    raise exception 'renewal %: required materials may not change', old.renewal_no using errcode = '23514';
end
$$;
create trigger requires before update of required_materials on xuqi.renewal for each row
    when (new.required_materials is distinct from old.required_materials) execute function xuqi.renewal_requires();

create table xuqi.material (
    renewal_no   text not null references xuqi.renewal,
    kind         text not null check (kind in ('application_form', 'business_licence', 'agent_id', 'authorisation')),
    page         bigint not null check (page between 1 and 10),
    content_type text not null check (content_type in ('application/pdf', 'image/jpeg', 'image/png')),
    size         bigint not null check (size > 0),
    sha256       bytea not null check (length(sha256) = 32),
    sealed       bytea not null,
    uploaded_at  timestamptz not null default clock_timestamp(),
    primary key (renewal_no, kind, page),
    check (length(sealed) > size)
);
comment on table xuqi.material is 'Documents by kind and page; sealed is encrypted by the server';
comment on column xuqi.material.sha256 is 'Of the document before it was sealed';
alter table xuqi.material alter column sealed set storage external;

-- What a reviewer has seen stays as it is: documents change only while the applicant may still work on them.
create function xuqi.material_changes() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    owner_no text := case when tg_op = 'DELETE' then old.renewal_no else new.renewal_no end;
begin
    if not exists (select from renewal where renewal_no = owner_no and status in ('draft', 'returned')) then
        raise exception 'renewal %: its materials may not change any more', owner_no using errcode = '23514';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end
$$;
create trigger changes before insert or update or delete on xuqi.material
    for each row execute function xuqi.material_changes();
create trigger never_truncated before truncate on xuqi.material
    for each statement execute function xuqi.forbid();

-- It takes the required kinds as well now.
drop function if exists xuqi.renewal_submit;

insert into xuqi.schema_migration (number, name, sha256) values (9, 'material', :'sha256');
commit;
