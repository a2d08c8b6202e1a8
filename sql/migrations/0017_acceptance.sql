-- SPDX-License-Identifier: Apache-2.0
-- What applicants accepted, word for word, and who has looked at their personal data unmasked.
begin;

create table xuqi.agreement_text (
    kind         text not null check (kind in ('agreement', 'privacy_notice', 'sensitive_consent')),
    id           text not null check (id <> ''),
    version      text not null check (version <> ''),
    sha256       text not null check (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
    title        text not null,
    text         text not null,
    published_at timestamptz not null default now(),
    primary key (kind, id, version),
    unique (kind, id, version, sha256)
);
comment on table xuqi.agreement_text is 'Every version ever shown, once: a text never changes under its version';
create trigger append_only before update or delete or truncate on xuqi.agreement_text
    for each statement execute function xuqi.forbid();

create table xuqi.acceptance (
    renewal_no      text not null references xuqi.renewal,
    kind            text not null,
    id              text not null,
    version         text not null,
    sha256          text not null,
    accepted_at     timestamptz not null default now(),
    client_address  text not null,
    evidence_sha256 bytea check (length(evidence_sha256) = 32),
    primary key (renewal_no, kind),
    foreign key (kind, id, version, sha256) references xuqi.agreement_text (kind, id, version, sha256)
);
comment on column xuqi.acceptance.evidence_sha256 is 'Of the signed application that says so; null where nothing was signed';
create trigger append_only before update or delete or truncate on xuqi.acceptance
    for each statement execute function xuqi.forbid();

create table xuqi.unmasking (
    id         bigint generated always as identity primary key,
    staff_id   bigint not null references xuqi.staff,
    renewal_no text not null references xuqi.renewal,
    fields     text[] not null check (cardinality(fields) between 1 and 12
                                      and fields <@ array['agent.name', 'agent.id_number', 'agent.mobile', 'agent.email',
                                                          'agent.address', 'recipient.name', 'recipient.mobile',
                                                          'recipient.address', 'legal_person.name',
                                                          'legal_person.id_number', 'legal_person.mobile',
                                                          'basic_account.number']),
    reason     text not null check (length(reason) between 5 and 200),
    at         timestamptz not null default now()
);
comment on table xuqi.unmasking is 'Which personal data a reviewer asked to see in plain, and why; never the data';
create index unmasking_staff on xuqi.unmasking (staff_id, at);
create trigger append_only before update or delete or truncate on xuqi.unmasking
    for each statement execute function xuqi.forbid();

alter table xuqi.renewal_content add column recipient_mobile_index bytea;
create index renewal_recipient_mobile on xuqi.renewal_content (recipient_mobile_index)
    where recipient_mobile_index is not null;

-- It takes what was accepted, from where, and the recipient's index as well now.
drop function if exists xuqi.renewal_submit;

insert into xuqi.schema_migration (number, name, sha256) values (17, 'acceptance', :'sha256');
commit;
