-- SPDX-License-Identifier: Apache-2.0
-- The transfers of an account, or of all accounts of a kind (in_owner ''), within some time: the newest, in their order,
-- before the one given (0: from the newest). Accounts with few transfers are found by these, the others by the time, newest
-- first, so that a page costs what lies within it. Internal.
create or replace function xuqi.ledger_legs_of(
    in_kind xuqi.account_kind, in_owner text, in_from timestamptz, in_to timestamptz, in_platform text, in_before bigint,
    in_size bigint) returns bigint[]
language plpgsql stable set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off
set enable_sort = off as $$
declare
    most_accounts  constant bigint := 20;
    most_transfers constant bigint := 2000;
    last  timestamptz := (select p.event_at from transfer as t join posting as p on p.id = t.posting_id where t.id = in_before);
    asked bigint[] := array(select id from account where kind = in_kind and (in_owner = '' or owner_key = in_owner)
                             limit most_accounts + 1);
    few   bigint[];
begin
    if cardinality(asked) <= most_accounts then
        few := array(select id from (select id from transfer where debit_id = any (asked)
                                     union all
                                     select id from transfer where credit_id = any (asked)) as t limit most_transfers + 1);
        if cardinality(few) <= most_transfers then
            return coalesce((
                select (array_agg(leg.id order by leg.event_at desc, leg.id desc))[1:in_size]
                  from unnest(few) as f (id)
                 cross join lateral (
                       select t.id, p.event_at, p as posting
                         from transfer as t join posting as p on p.id = t.posting_id where t.id = f.id offset 0) as leg
                 where leg.event_at >= in_from and leg.event_at < in_to
                   and (in_before = 0 or (leg.event_at, leg.id) < (last, in_before))
                   and (in_platform = '' or posting_platform(leg.posting) = in_platform)), '{}');
        end if;
    end if;
    return array(
        select t.id
          from posting as p
          join transfer as t on t.posting_id = p.id
          join account as d on d.id = t.debit_id
          join account as c on c.id = t.credit_id
         where p.event_at >= in_from and p.event_at < in_to and (in_before = 0 or p.event_at <= last)
           and (in_before = 0 or (p.event_at, t.id) < (last, in_before))
           and (d.kind = in_kind and (in_owner = '' or d.owner_key = in_owner)
                or c.kind = in_kind and (in_owner = '' or c.owner_key = in_owner))
           and (in_platform = '' or posting_platform(p) = in_platform)
         order by p.event_at desc, t.id desc limit in_size);
end
$$;
