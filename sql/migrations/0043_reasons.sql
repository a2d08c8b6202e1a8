-- SPDX-License-Identifier: Apache-2.0
-- What staff types, kept apart from the audit trail; samples that were judged wrong.
begin;

-- -- what staff types ----------------------------------------------------------------------------------------------------
-- A reason may hold personal data. An event has its salted hash; the words are here, and go with what else is erased.
create table xuqi.reason (
    id        bigint generated always as identity primary key,
    object    text not null constraint reason_object_check check (object <> ''),
    actor     text not null constraint reason_actor_check check (actor <> ''),
    salt      bytea not null,
    words     text not null,
    said_at   timestamptz not null default clock_timestamp(),
    erased_at timestamptz,
    constraint reason_erased check (case when erased_at is null then length(salt) = 16 and words <> '' else salt = '' and words = '' end)
);
comment on column xuqi.reason.object is 'As in the event: a renewal''s number, posting:…; erased with a renewal of that number';
comment on column xuqi.reason.salt is 'The event has SHA-256 of this and the words: without it nothing leads back to them';
create index reason_of_object on xuqi.reason (object) where erased_at is null;
create trigger never_removed before delete or truncate on xuqi.reason
    for each statement execute function xuqi.forbid();
create function xuqi.reason_once() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.erased_at is not null or new.erased_at is null
       or (new.id, new.object, new.actor, new.said_at) is distinct from (old.id, old.object, old.actor, old.said_at) then
        raise exception 'reason %: may be erased, nothing else', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger once before update on xuqi.reason for each row execute function xuqi.reason_once();

-- Why personal data was looked at is erased with it.
drop trigger append_only on xuqi.unmasking;
create trigger never_removed before delete or truncate on xuqi.unmasking
    for each statement execute function xuqi.forbid();
create function xuqi.unmasking_kept() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if new.reason <> '' or to_jsonb(new) - 'reason' is distinct from to_jsonb(old) - 'reason' then
        raise exception 'unmasking %: its reason may be erased, nothing else', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger kept before update on xuqi.unmasking for each row execute function xuqi.unmasking_kept();
alter table xuqi.unmasking
    drop constraint unmasking_reason_check,
    add constraint unmasking_reason_check check (reason = '' or length(reason) between 5 and 200);

drop function if exists xuqi.staff_overview;
drop function if exists xuqi.staff_review;

insert into xuqi.schema_migration (number, name, sha256) values (43, 'reasons', :'sha256');
commit;
