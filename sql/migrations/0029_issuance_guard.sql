-- SPDX-License-Identifier: Apache-2.0
-- The guard on intents asks what it asked before, of the orders of each renewal alone: as a condition with exists the
-- planner answered it by reading all orders and all balances in every call.
begin;

create or replace function xuqi.issuance_guard() returns trigger
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    nos     text[] := array(select renewal_no from intents);
    refused record;
begin
    perform from renewal where renewal_no = any (nos) order by renewal_no for update;
    select judged.renewal_no, judged.fault into refused
      from (select intent.renewal_no, case
                when intent.state <> 'intended' then 'does not begin as intended'
                when intent.fence is distinct from (select fence from issuer_lease) then 'fence is not the current one'
                when wanted.status is distinct from 'awaiting_install' then 'renewal does not await its certificate'
                when exists (select from halt where released_at is null) then 'issuance is halted'
                when intent.not_after <> wanted.not_after then 'validity is not what was promised'
                when owed.paid = 0 or owed.unsettled > 0 then 'is not fully paid'
                when intent.content_hash is distinct from frozen.content_hash then 'content is not the renewal''s'
                when (select count(distinct staff_id) from approval
                       where approval.renewal_no = intent.renewal_no
                         and voided_at is null
                         and approval.content_hash = intent.content_hash) < wanted.reviews_required
                    then 'is not approved'
                end as fault
              from intents as intent
              left join renewal as wanted on wanted.renewal_no = intent.renewal_no
             cross join lateral (
                   select count(*) filter (where ordered.state = 'paid') as paid,
                          count(*) filter (where ordered.state <> 'cancelled'
                                             and not coalesce(balance.debits > 0 and balance.debits = balance.credits,
                                                              false)) as unsettled
                     from "order" as ordered left join balance on balance.account_id = ordered.receivable_id
                    where ordered.renewal_no = intent.renewal_no) as owed
              left join renewal_content_hashes(nos) as frozen on frozen.renewal_no = intent.renewal_no) as judged
     where judged.fault is not null limit 1;
    if found then
        raise exception 'issuance for renewal %: %', refused.renewal_no, refused.fault using errcode = '23514';
    end if;
    return null;
end
$$;

insert into xuqi.schema_migration (number, name, sha256) values (29, 'issuance_guard', :'sha256');
commit;
