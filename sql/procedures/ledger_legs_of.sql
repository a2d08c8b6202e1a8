-- SPDX-License-Identifier: Apache-2.0
-- The transfers of an account, or of all accounts of a kind (in_owner ''), within some time: the newest, in their order,
-- before the one given (0: from the newest). An account of its own is found by its transfers, the others by the time, so
-- that a page of them costs what lies within it. Internal.
create or replace function xuqi.ledger_legs_of(
    in_kind xuqi.account_kind, in_owner text, in_from timestamptz, in_to timestamptz, in_platform text, in_before bigint,
    in_size bigint) returns bigint[]
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    alone account;
    last  timestamptz := (select p.event_at from transfer as t join posting as p on p.id = t.posting_id where t.id = in_before);
begin
    select * into alone from account where kind = in_kind and owner_key = in_owner and guarded;
    if alone.id is not null then
        return array(
            select t.id
              from (select id, posting_id from transfer where debit_id = alone.id
                    union all
                    select id, posting_id from transfer where credit_id = alone.id) as t
              join posting as p on p.id = t.posting_id
             where p.event_at >= in_from and p.event_at < in_to and (in_before = 0 or (p.event_at, t.id) < (last, in_before))
               and (in_platform = '' or posting_platform(p) = in_platform)
             order by p.event_at desc, t.id desc limit in_size);
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
