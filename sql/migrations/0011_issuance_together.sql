-- SPDX-License-Identifier: Apache-2.0
-- Several certificates are intended and recorded in one call: the procedures take arrays, and the guard on the table
-- looks at all new intents at once, after they were inserted and before anything is committed.
begin;

drop function if exists xuqi.issuance_begin(text, bytea, bytea, bytea),
    xuqi.issuance_intend(bigint, text, bytea, bytea, bytea, bytea, bytea, timestamptz, timestamptz, bytea, bytea),
    xuqi.issuance_record(bigint, bigint, bytea, bytea, bytea),
    xuqi.issuance_verdict(text, bytea, bytea, bytea),
    xuqi.revenue_recognise(text, bigint, bigint);

-- Whatever the issuer or a taken web process says: no intent without the current fence, the renewal waiting for its
-- certificate, every order paid in full, enough approvals by different people over exactly this content, no halt.
drop trigger guard on xuqi.issuance;
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
                when not exists (select from "order" where "order".renewal_no = intent.renewal_no and state = 'paid')
                  or exists (select
                               from "order"
                               left join balance on balance.account_id = "order".receivable_id
                              where "order".renewal_no = intent.renewal_no
                                and "order".state <> 'cancelled'
                                and not coalesce(balance.debits > 0 and balance.debits = balance.credits, false))
                    then 'is not fully paid'
                when intent.content_hash is distinct from frozen.content_hash then 'content is not the renewal''s'
                when (select count(distinct staff_id) from approval
                       where approval.renewal_no = intent.renewal_no
                         and voided_at is null
                         and approval.content_hash = intent.content_hash) < wanted.reviews_required
                    then 'is not approved'
                end as fault
              from intents as intent
              left join renewal as wanted on wanted.renewal_no = intent.renewal_no
              left join renewal_content_hashes(nos) as frozen on frozen.renewal_no = intent.renewal_no) as judged
     where judged.fault is not null limit 1;
    if found then
        raise exception 'issuance for renewal %: %', refused.renewal_no, refused.fault using errcode = '23514';
    end if;
    return null;
end
$$;
create trigger guard after insert on xuqi.issuance
    referencing new table as intents for each statement execute function xuqi.issuance_guard();

insert into xuqi.schema_migration (number, name, sha256) values (11, 'issuance_together', :'sha256');
commit;
