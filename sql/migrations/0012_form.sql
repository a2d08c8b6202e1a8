-- SPDX-License-Identifier: Apache-2.0
-- What forms ask for beside agent and recipient: organisation, legal person, basic account. The values are sealed with
-- the other personal data; here is what a reviewer sees of them, in the order of the form.
begin;

alter table xuqi.renewal_content
    add column legal_person_id_index bytea,
    add column account_number_index  bytea,
    add column form_fields           text[] not null default '{}',
    add column form_shown            text[] not null default '{}',
    add column warning_fields        text[] not null default '{}',
    add column warning_codes         text[] not null default '{}',
    add constraint form_paired check (cardinality(form_fields) = cardinality(form_shown)),
    add constraint warning_paired check (cardinality(warning_fields) = cardinality(warning_codes));
comment on column xuqi.renewal_content.form_fields is 'Names of the fields in form_shown: organisation.name and the like';
comment on column xuqi.renewal_content.form_shown is 'Their values as a reviewer sees them: personal data masked';
comment on column xuqi.renewal_content.warning_fields is 'Fields that were taken but should be looked at';
comment on column xuqi.renewal_content.personal_sealed is
    'Agent, recipient, organisation, legal person and basic account, encrypted by the server';
create index renewal_legal_person_id on xuqi.renewal_content (legal_person_id_index)
    where legal_person_id_index is not null;
create index renewal_account_number on xuqi.renewal_content (account_number_index)
    where account_number_index is not null;

drop function if exists xuqi.renewal_submit;
drop function if exists xuqi.review_case;

insert into xuqi.schema_migration (number, name, sha256) values (12, 'form', :'sha256');
commit;
