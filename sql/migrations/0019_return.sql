-- SPDX-License-Identifier: Apache-2.0
-- Returned for correction: what was named with its reasons, what was corrected, and what it was before.
begin;

alter table xuqi.renewal
    add column returns   bigint not null default 0 constraint renewal_returns_check check (returns between 0 and 99),
    add column remind_at timestamptz,
    add column reminders bigint not null default 0 constraint renewal_reminders_check check (reminders between 0 and 3),
    add constraint renewal_check_returned check (status <> 'returned' or returns > 0),
    add constraint renewal_check_reminded check (remind_at is null or status = 'returned');
comment on column xuqi.renewal.returns is 'How often it was returned; the number of the present or last return';
comment on column xuqi.renewal.remind_at is 'When the applicant of a returned renewal is reminded next; null: not any more';
create index renewal_remind on xuqi.renewal (remind_at) where remind_at is not null;

create table xuqi.renewal_return (
    renewal_no   text not null references xuqi.renewal,
    round        bigint not null check (round between 1 and 99),
    staff_id     bigint not null references xuqi.staff,
    content_hash bytea not null check (length(content_hash) = 32),
    returned_at  timestamptz not null default now(),
    primary key (renewal_no, round)
);
comment on column xuqi.renewal_return.content_hash is 'Of the content that the reviewer saw and returned';
create index renewal_return_staff on xuqi.renewal_return (staff_id);
create trigger append_only before update or delete or truncate on xuqi.renewal_return
    for each statement execute function xuqi.forbid();

-- The same names and reasons as in server/domain/returnable.c; a test compares them.
-- What decides the money or the certificate is not among them: who wants another term applies again.
create table xuqi.return_item (
    renewal_no  text not null,
    round       bigint not null,
    name        text not null check (name in (
        'agent.id_type', 'agent.id_number', 'agent.name', 'agent.mobile', 'agent.email', 'agent.address',
        'recipient.name', 'recipient.mobile', 'recipient.address', 'organisation.name', 'organisation.id_type',
        'organisation.id_number', 'organisation.address', 'legal_person.name', 'legal_person.id_type',
        'legal_person.id_number', 'legal_person.mobile', 'basic_account.name', 'basic_account.bank_name',
        'basic_account.bank_code', 'basic_account.number', 'invoice.tax_id', 'invoice.title',
        'materials.application_form', 'materials.business_licence', 'materials.agent_id', 'materials.authorisation',
        'materials.id_photo_front', 'materials.id_photo_back')),
    reason_code text not null check (reason_code in (
        'wrong', 'mismatch', 'missing', 'unreadable', 'expired', 'not_signed', 'other')),
    reason_text text not null check (reason_text <> ''),
    primary key (renewal_no, round, name),
    foreign key (renewal_no, round) references xuqi.renewal_return
);
comment on column xuqi.return_item.reason_text is 'As the applicant reads it';
create trigger append_only before update or delete or truncate on xuqi.return_item
    for each statement execute function xuqi.forbid();

-- What was signed and shown stays in renewal_content; each correction is a further row with the whole of the personal
-- data as it is from then on.
create table xuqi.correction (
    renewal_no          text not null,
    number              bigint not null check (number > 0),
    round               bigint not null,
    corrected_at        timestamptz not null default now(),
    evidence_sha256     bytea not null check (length(evidence_sha256) = 32),
    evidence_sealed     bytea not null,
    personal_sealed     bytea not null,
    agent_name_masked   text not null,
    agent_id_masked     text not null,
    agent_mobile_masked text not null,
    agent_email_masked  text not null,
    recipient_masked    text not null,
    agent_id_index      bytea,
    agent_mobile_index  bytea,
    legal_person_id_index bytea,
    account_number_index bytea,
    recipient_mobile_index bytea,
    form_fields         text[] not null default '{}',
    form_shown          text[] not null default '{}',
    invoice_title       text not null,
    invoice_tax_id      text not null,
    primary key (renewal_no, number),
    unique (renewal_no, evidence_sha256),
    constraint correction_form_paired check (cardinality(form_fields) = cardinality(form_shown)),
    foreign key (renewal_no, round) references xuqi.renewal_return
);
comment on column xuqi.correction.personal_sealed is
    'The personal data after this correction, sealed with evidence_sha256; before it: the row before, or renewal_content';
alter table xuqi.correction
    alter column evidence_sealed set storage external,
    alter column personal_sealed set storage external;
create index correction_agent_id on xuqi.correction (agent_id_index) where agent_id_index is not null;
create index correction_agent_mobile on xuqi.correction (agent_mobile_index) where agent_mobile_index is not null;
create index correction_legal_person_id on xuqi.correction (legal_person_id_index)
    where legal_person_id_index is not null;
create index correction_account_number on xuqi.correction (account_number_index)
    where account_number_index is not null;
create index correction_recipient_mobile on xuqi.correction (recipient_mobile_index)
    where recipient_mobile_index is not null;
create trigger never_removed before delete or truncate on xuqi.correction
    for each statement execute function xuqi.forbid();
create trigger keeps before update on xuqi.correction for each row execute function xuqi.personal_keeps(
    'evidence_sealed personal_sealed agent_id_index agent_mobile_index recipient_mobile_index legal_person_id_index account_number_index',
    'agent_name_masked agent_id_masked agent_mobile_masked agent_email_masked recipient_masked form_fields form_shown');

create table xuqi.correction_field (
    renewal_no text not null,
    number     bigint not null,
    name       text not null check (name not like 'materials.%'),
    old_masked text not null,
    new_masked text not null,
    changed    boolean not null,
    primary key (renewal_no, number, name),
    foreign key (renewal_no, number) references xuqi.correction
);
comment on column xuqi.correction_field.changed is 'Two values may look the same masked; an applicant may also insist on his';
create trigger never_removed before delete or truncate on xuqi.correction_field
    for each statement execute function xuqi.forbid();
create trigger keeps before update on xuqi.correction_field for each row execute function xuqi.personal_keeps(
    '', 'old_masked new_masked');

-- Only what was named, while it is returned.
create function xuqi.correction_begins() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if not exists (select from renewal where renewal_no = new.renewal_no and status = 'returned'
                                         and returns = new.round) then
        raise exception 'renewal %: is not returned', new.renewal_no using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger begins before insert on xuqi.correction for each row execute function xuqi.correction_begins();

create function xuqi.correction_field_begins() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if not exists (select from correction as c
                     join return_item as i on i.renewal_no = c.renewal_no and i.round = c.round and i.name = new.name
                    where c.renewal_no = new.renewal_no and c.number = new.number) then
        raise exception 'renewal %: % was not returned', new.renewal_no, new.name using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger begins before insert on xuqi.correction_field
    for each row execute function xuqi.correction_field_begins();

-- Documents: in which return a page was uploaded, and the pages that a reviewer saw before they were replaced.
alter table xuqi.material add column round bigint not null default 0;
comment on column xuqi.material.round is 'The return that it answers; 0: from before any';

create table xuqi.material_replaced (
    id           bigint generated always as identity primary key,
    renewal_no   text not null references xuqi.renewal,
    kind         text not null,
    page         bigint not null,
    content_type text not null,
    size         bigint not null,
    sha256       bytea not null,
    sealed       bytea not null,
    uploaded_at  timestamptz not null,
    round        bigint not null,
    replaced_at  timestamptz not null default clock_timestamp()
);
comment on table xuqi.material_replaced is 'Pages that a reviewer has seen and the applicant then replaced or took away';
alter table xuqi.material_replaced alter column sealed set storage external;
create index material_replaced_renewal on xuqi.material_replaced (renewal_no, kind);
create trigger never_removed before delete or truncate on xuqi.material_replaced
    for each statement execute function xuqi.forbid();
create trigger keeps before update on xuqi.material_replaced for each row execute function xuqi.personal_keeps(
    'sealed', '');
insert into xuqi.sealed_column (name, place, kind, table_name, column_name, lead, row_key, context, source)
select t || '.' || c, place, kind, t, c, 'renewal_no', row_key, context, source
  from (values
    ('correction', 'personal_sealed', 'renewal.personal', 'sealed', 'renewal_no || ''/'' || number', 'evidence_sha256', null),
    ('correction', 'evidence_sealed', 'renewal.correction', 'sealed', 'renewal_no || ''/'' || number', 'evidence_sha256', null),
    ('material_replaced', 'sealed', 'renewal.material', 'sealed', 'renewal_no || ''/'' || id',
     'convert_to(renewal_no || ''/'' || kind || ''/'' || page, ''UTF8'')', null),
    ('correction', 'agent_id_index', 'agent.id_number', 'index', 'renewal_no || ''/'' || number', 'evidence_sha256', 'correction.personal_sealed'),
    ('correction', 'agent_mobile_index', 'agent.mobile', 'index', 'renewal_no || ''/'' || number', 'evidence_sha256', 'correction.personal_sealed'),
    ('correction', 'recipient_mobile_index', 'recipient.mobile', 'index', 'renewal_no || ''/'' || number', 'evidence_sha256', 'correction.personal_sealed'),
    ('correction', 'legal_person_id_index', 'legal_person.id_number', 'index', 'renewal_no || ''/'' || number', 'evidence_sha256', 'correction.personal_sealed'),
    ('correction', 'account_number_index', 'basic_account.number', 'index', 'renewal_no || ''/'' || number', 'evidence_sha256', 'correction.personal_sealed')
  ) as listed (t, c, place, kind, row_key, context, source);

-- As before, they may also be sealed anew, and go with an erasure.
create or replace function xuqi.material_changes() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    changed  material := case when tg_op = 'DELETE' then old else new end;
    resealed material := new;
    r        renewal;
begin
    if tg_op = 'DELETE' and exists (select from erasure where renewal_no = old.renewal_no) then
        return old;
    end if;
    if tg_op = 'UPDATE' then
        resealed.sealed := old.sealed;
        if resealed is not distinct from old and length(new.sealed) = length(old.sealed) then
            return new;
        end if;
    end if;
    select * into r from renewal where renewal_no = changed.renewal_no;
    if r.status is null or r.status not in ('draft', 'returned')
       or r.status = 'returned'
          and not exists (select from return_item as i where i.renewal_no = r.renewal_no and i.round = r.returns
                                                         and i.name = 'materials.' || changed.kind) then
        raise exception 'renewal %: its materials may not change any more', changed.renewal_no using errcode = '23514';
    end if;
    if tg_op <> 'INSERT' and old.round < r.returns then
        insert into material_replaced (renewal_no, kind, page, content_type, size, sha256, sealed, uploaded_at, round)
        values (old.renewal_no, old.kind, old.page, old.content_type, old.size, old.sha256, old.sealed,
                old.uploaded_at, old.round);
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    new.round := r.returns;
    return new;
end
$$;

-- They take or answer more now.
drop function if exists xuqi.enqueue;
drop function if exists xuqi.housekeeping;
drop function if exists xuqi.message_facts;
drop function if exists xuqi.renewal_progress;

insert into xuqi.schema_migration (number, name, sha256) values (19, 'return', :'sha256');
commit;
