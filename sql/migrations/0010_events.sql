-- SPDX-License-Identifier: Apache-2.0
-- Every change that an applicant may see raises the renewal's version, so that waiting pages can be told with one look.
begin;

alter table xuqi.renewal add column version bigint not null default 1;
comment on column xuqi.renewal.version is 'Raised by every change of the renewal and of what belongs to it';

create function xuqi.renewal_versions() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    new.version := old.version + 1;
    return new;
end
$$;
create trigger versions before update on xuqi.renewal for each row execute function xuqi.renewal_versions();

-- For tables whose rows are part of what is shown: their changes are changes of the renewal.
create function xuqi.renewal_touched() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    update renewal set version = version
     where renewal_no = case when tg_op = 'DELETE' then old.renewal_no else new.renewal_no end;
    return null;
end
$$;
create trigger touches after insert or update or delete on xuqi.material
    for each row execute function xuqi.renewal_touched();

-- It answers the version as well now.
drop function if exists xuqi.renewal_progress;

insert into xuqi.schema_migration (number, name, sha256) values (10, 'events', :'sha256');
commit;
