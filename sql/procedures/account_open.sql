-- SPDX-License-Identifier: Apache-2.0
-- The account of a kind for an owner, made when there is none yet. Side and guard follow from the kind alone, as the
-- chart says. Internal; safe to call again, also at the same time.
create or replace function xuqi.account_open(in_kind xuqi.account_kind, in_owner_key text) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    opened bigint;
    chart  account_chart;
begin
    select id into opened from account where kind = in_kind and owner_key = in_owner_key;
    if found then
        return opened;
    end if;
    select * into chart from account_chart where kind = in_kind;
    if not found then
        raise exception 'accounts of % are not in account_chart: the migration that adds a kind adds its row as well', in_kind
            using errcode = '23503';
    end if;
    insert into account (kind, owner_key, normal_side, guarded)
    values (in_kind, in_owner_key, chart.normal_side, chart.guarded)
        on conflict (kind, owner_key) do nothing returning id into opened;
    if opened is null then
        select id into strict opened from account where kind = in_kind and owner_key = in_owner_key;
    elsif chart.guarded then
        insert into balance (account_id, normal_side) values (opened, chart.normal_side);
    end if;
    return opened;
end
$$;
