-- SPDX-License-Identifier: Apache-2.0
-- Prices: fee tables by platform and effective date, each load of a platform's file a version; what was in force stays.
begin;

-- The same sum for who asks and for who decides. Not up to the last moment: what is loaded is there when its day begins.
create function xuqi.fee_begun(in_effective_from timestamptz) returns boolean
language plpgsql volatile set search_path = xuqi, pg_temp as $$
begin
    return in_effective_from <= clock_timestamp() + interval '5 minutes';
end
$$;

create table xuqi.fee_version (
    platform    text not null check (platform ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
    number      bigint not null check (number >= 1),
    file_sha256 text not null check (file_sha256 ~ '^[0-9a-f]{64}$'),
    loaded_by   text not null check (loaded_by <> ''),
    loaded_at   timestamptz not null default clock_timestamp(),
    primary key (platform, number)
);
comment on table xuqi.fee_version is 'Each load of a platform file; file_sha256 is that of the whole file';
create trigger append_only before update or delete or truncate on xuqi.fee_version
    for each statement execute function xuqi.forbid();

-- A table is in force from its day until the next one's day, so that two never are at once. Its id is the quote version.
create table xuqi.fee_table (
    id             bigint generated always as identity primary key,
    platform       text not null,
    effective_on   date not null,
    effective_from timestamptz not null
                   generated always as (timezone('UTC', effective_on::timestamp - interval '8 hours')) stored,
    added_in       bigint not null,
    added_xid      xid8 not null default pg_current_xact_id(),
    withdrawn_in   bigint,
    foreign key (platform, added_in) references xuqi.fee_version,
    foreign key (platform, withdrawn_in) references xuqi.fee_version,
    check (withdrawn_in > added_in)
);
comment on column xuqi.fee_table.effective_on is 'The day in Beijing at whose 00:00 it takes effect: effective_from';
comment on column xuqi.fee_table.added_in is 'Number of the version that brought it; withdrawn_in: that took it back before its day';
create unique index fee_table_no_overlap on xuqi.fee_table (platform, effective_on) where withdrawn_in is null;

create table xuqi.fee_term (
    fee_table_id bigint not null references xuqi.fee_table,
    months       bigint not null check (months between 1 and 1200),
    amount_fen   bigint not null check (amount_fen > 0 and amount_fen <= 100000000000),
    primary key (fee_table_id, months)
);
create table xuqi.fee_item (
    fee_table_id bigint not null,
    months       bigint not null,
    line         bigint not null check (line between 1 and 32),
    name         text not null check (name <> ''),
    unit_fen     bigint not null check (unit_fen > 0 and unit_fen <= 100000000000),
    quantity     bigint not null check (quantity between 1 and 1000000),
    primary key (fee_table_id, months, line),
    foreign key (fee_table_id, months) references xuqi.fee_term
);
create trigger append_only before update or delete or truncate on xuqi.fee_term
    for each statement execute function xuqi.forbid();
create trigger append_only before update or delete or truncate on xuqi.fee_item
    for each statement execute function xuqi.forbid();
create trigger never_removed before delete or truncate on xuqi.fee_table
    for each statement execute function xuqi.forbid();

-- Prices are not made for days gone by, but where a platform begins with them.
create function xuqi.fee_table_begins() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if fee_begun((timezone('UTC', new.effective_on::timestamp - interval '8 hours')))
       and exists (select from fee_table as t
                    where t.platform = new.platform and t.withdrawn_in is null and t.added_in <> new.added_in
                      and fee_begun(t.effective_from)) then
        raise exception 'platform %: a fee table of % would change what was in force', new.platform, new.effective_on
            using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger begins before insert on xuqi.fee_table for each row execute function xuqi.fee_table_begins();

create function xuqi.fee_table_changes() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if (new.id, new.platform, new.effective_on, new.added_in, new.added_xid)
       is distinct from (old.id, old.platform, old.effective_on, old.added_in, old.added_xid)
       or old.withdrawn_in is not null or new.withdrawn_in is null then
        raise exception 'fee table %: it may be withdrawn, once, and nothing else', old.id using errcode = '23514';
    end if;
    if fee_begun(old.effective_from) then
        raise exception 'platform %: the fee table of % is or was in force and stays', old.platform, old.effective_on
            using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger changes before update on xuqi.fee_table for each row execute function xuqi.fee_table_changes();

-- A table is made whole in one transaction: nothing is added to it afterwards.
create function xuqi.fee_part_belongs() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if not exists (select from fee_table where id = new.fee_table_id and added_xid = pg_current_xact_id()) then
        raise exception 'fee table %: nothing is added to it any more', new.fee_table_id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger belongs before insert on xuqi.fee_term for each row execute function xuqi.fee_part_belongs();
create trigger belongs before insert on xuqi.fee_item for each row execute function xuqi.fee_part_belongs();

create function xuqi.fee_table_is_whole() returns trigger
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    if not exists (select from fee_term where fee_table_id = new.id) then
        raise exception 'fee table %: it has no term', new.id using errcode = '23514';
    end if;
    return null;
end
$$;
create constraint trigger whole after insert on xuqi.fee_table deferrable initially deferred
    for each row execute function xuqi.fee_table_is_whole();

create function xuqi.fee_term_adds_up() returns trigger
language plpgsql security definer set search_path = xuqi, pg_temp as $$
declare
    total bigint := (select sum(unit_fen * quantity) from fee_item
                      where fee_table_id = new.fee_table_id and months = new.months);
begin
    if total is distinct from new.amount_fen then
        raise exception 'fee table %: the items of % months add up to %, not to %', new.fee_table_id, new.months, total,
            new.amount_fen using errcode = '23514';
    end if;
    return null;
end
$$;
create constraint trigger adds_up after insert on xuqi.fee_term deferrable initially deferred
    for each row execute function xuqi.fee_term_adds_up();

-- -- what a renewal costs ------------------------------------------------------------------------------------------

-- Null only in renewals made before prices were kept here.
alter table xuqi.renewal add column quote_version bigint references xuqi.fee_table;
comment on column xuqi.renewal.quote_version is 'The fee table it was priced by';

create function xuqi.renewal_priced() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if not exists (select from fee_table as t join fee_term as f on f.fee_table_id = t.id
                    where t.id = new.quote_version and t.platform = new.platform and f.months = new.term_months
                      and f.amount_fen = new.amount_fen and t.withdrawn_in is null and t.effective_from <= now()) then
        raise exception 'renewal %: % for % months is not the price of fee table %', new.renewal_no, new.amount_fen,
            new.term_months, new.quote_version using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger priced before insert on xuqi.renewal for each row execute function xuqi.renewal_priced();

create function xuqi.renewal_quote_frozen() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    raise exception 'renewal %: its quote version may not change', old.renewal_no using errcode = '23514';
end
$$;
create trigger quote_frozen before update of quote_version on xuqi.renewal for each row
    when (new.quote_version is distinct from old.quote_version) execute function xuqi.renewal_quote_frozen();

-- Exactly the lines of one version, whoever wrote them.
create function xuqi.renewal_lines() returns trigger
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    if exists (select from (select line, name, unit_fen, quantity from order_line where order_no = new.order_no) as o
                 full join (select line, name, unit_fen, quantity from fee_item
                             where fee_table_id = new.quote_version and months = new.term_months) as f using (line)
                where (o.name, o.unit_fen, o.quantity) is distinct from (f.name, f.unit_fen, f.quantity)) then
        raise exception 'renewal %: its lines are not those of fee table %', new.renewal_no, new.quote_version
            using errcode = '23514';
    end if;
    return null;
end
$$;
create constraint trigger lines after insert on xuqi.renewal deferrable initially deferred
    for each row execute function xuqi.renewal_lines();

-- They take and answer other things now.
drop function if exists xuqi.renewal_submit;
drop function if exists xuqi.renewal_eligibility;
drop function if exists xuqi.order_create;

insert into xuqi.schema_migration (number, name, sha256) values (16, 'price', :'sha256');
commit;
