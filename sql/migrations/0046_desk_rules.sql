-- SPDX-License-Identifier: Apache-2.0
-- What was stopped is resumed by somebody who says why; what two people may change at once has a version.
begin;

-- -- automatic passing ---------------------------------------------------------------------------------------------------
alter table xuqi.review_pass_stop add column reason text;
update xuqi.review_pass_stop set reason = '已全部处理' where ended_at is not null;
alter table xuqi.review_pass_stop
    add constraint review_pass_stop_reason_check check (reason ~ '[^ ]' and length(reason) <= 500),
    add constraint review_pass_stop_why check ((ended_at is null) = (reason is null));
create function xuqi.review_pass_stop_once() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.ended_at is not null
       or (new.id, new.platform, new.wrong, new.looked, new.stopped_at)
          is distinct from (old.id, old.platform, old.wrong, old.looked, old.stopped_at) then
        raise exception 'stop %: is ended once, and stays what it was', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger once before update on xuqi.review_pass_stop for each row execute function xuqi.review_pass_stop_once();

-- -- versions ------------------------------------------------------------------------------------------------------------
-- What a person changes says so himself (changed_by with a new changed_at); all else is the server's doing.
create function xuqi.version_raise() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    new.version := old.version + 1;
    if new.changed_at is not distinct from old.changed_at then
        new.changed_at := clock_timestamp();
        new.changed_by := null;
    end if;
    return new;
end
$$;
alter table xuqi.review_mistake
    add column version    bigint not null default 1,
    add column changed_by bigint references xuqi.staff,
    add column changed_at timestamptz;
alter table xuqi.match_difference
    add column version    bigint not null default 1,
    add column changed_by bigint references xuqi.staff,
    add column changed_at timestamptz;
comment on column xuqi.review_mistake.version is 'Raised with every change; who, or null: the server; when';
comment on column xuqi.match_difference.version is 'Raised with every change; who, or null: the server; when';
create trigger version_raise before update on xuqi.review_mistake
    for each row when (old.* is distinct from new.*) execute function xuqi.version_raise();
create trigger version_raise before update on xuqi.match_difference
    for each row when (old.* is distinct from new.*) execute function xuqi.version_raise();

-- -- one's own -----------------------------------------------------------------------------------------------------------
-- A member of staff is known by an e-mail address as well, and in whatever place of an application he stands.
alter table xuqi.renewal_content add column agent_email_index bytea;
alter table xuqi.correction add column agent_email_index bytea;
drop trigger keeps on xuqi.renewal_content;
create trigger keeps before update on xuqi.renewal_content for each row execute function xuqi.personal_keeps(
    'evidence_sealed personal_sealed agent_id_index agent_mobile_index agent_email_index recipient_mobile_index legal_person_id_index account_number_index',
    'agent_name_masked agent_id_masked agent_mobile_masked agent_email_masked recipient_masked form_fields form_shown');
drop trigger keeps on xuqi.correction;
create trigger keeps before update on xuqi.correction for each row execute function xuqi.personal_keeps(
    'evidence_sealed personal_sealed agent_id_index agent_mobile_index agent_email_index recipient_mobile_index legal_person_id_index account_number_index',
    'agent_name_masked agent_id_masked agent_mobile_masked agent_email_masked recipient_masked form_fields form_shown');
alter table xuqi.staff
    add column person_email_index     bytea,
    add column person_recipient_index bytea,
    add column person_legal_index     bytea,
    add constraint staff_person_more check (person_sealed is not null
                                            or num_nonnulls(person_email_index, person_recipient_index, person_legal_index) = 0);
comment on column xuqi.staff.person_sealed is
    '{"agent": {"id_number", "mobile", "email"}, "recipient": {"mobile"}, "legal_person": {"id_number"}}, encrypted by the server: as in applications';
insert into xuqi.sealed_column (name, place, kind, table_name, column_name, lead, row_key, context, source)
values ('renewal_content.agent_email_index', 'agent.email', 'index', 'renewal_content', 'agent_email_index', 'renewal_no', 'renewal_no',
        'evidence_sha256', 'renewal_content.personal_sealed'),
       ('correction.agent_email_index', 'agent.email', 'index', 'correction', 'agent_email_index', 'renewal_no',
        'renewal_no || ''/'' || number', 'evidence_sha256', 'correction.personal_sealed'),
       ('staff.person_email_index', 'agent.email', 'index', 'staff', 'person_email_index', 'name', 'name',
        'convert_to(name, ''UTF8'')', 'staff.person_sealed'),
       ('staff.person_recipient_index', 'recipient.mobile', 'index', 'staff', 'person_recipient_index', 'name', 'name',
        'convert_to(name, ''UTF8'')', 'staff.person_sealed'),
       ('staff.person_legal_index', 'legal_person.id_number', 'index', 'staff', 'person_legal_index', 'name', 'name',
        'convert_to(name, ''UTF8'')', 'staff.person_sealed');

-- They take or answer more now.
drop function if exists xuqi.correction_submit;
drop function if exists xuqi.renewal_submit;
drop function if exists xuqi.staff_person_put;
drop function if exists xuqi.mistake_assign;
drop function if exists xuqi.mistake_close;
drop function if exists xuqi.mistake_list;
drop function if exists xuqi.difference_assign;
drop function if exists xuqi.difference_list;
drop function if exists xuqi.difference_resolve;
drop function if exists xuqi.staff_refuse;

insert into xuqi.schema_migration (number, name, sha256) values (46, 'desk_rules', :'sha256');
commit;
