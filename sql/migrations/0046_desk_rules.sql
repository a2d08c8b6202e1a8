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

-- They take or answer more now.
drop function if exists xuqi.mistake_assign;
drop function if exists xuqi.mistake_close;
drop function if exists xuqi.mistake_list;
drop function if exists xuqi.difference_assign;
drop function if exists xuqi.difference_list;
drop function if exists xuqi.difference_resolve;
drop function if exists xuqi.staff_refuse;

insert into xuqi.schema_migration (number, name, sha256) values (46, 'desk_rules', :'sha256');
commit;
