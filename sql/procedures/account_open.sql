-- SPDX-License-Identifier: Apache-2.0
-- The account of a kind for an owner, made when there is none yet. Side and guard follow from the kind alone.
-- Internal; safe to call again, also at the same time.
create or replace function xuqi.account_open(in_kind xuqi.account_kind, in_owner_key text) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    opened bigint;
    side   text := case when in_kind in ('bank', 'gateway_clearing', 'receivable', 'gateway_fee', 'verify_expense',
                                         'writeoff') then 'debit' else 'credit' end;
    guard  boolean := in_kind in ('receivable', 'payer_credit', 'refund_payable', 'payout_clearing');
begin
    select id into opened from account where kind = in_kind and owner_key = in_owner_key;
    if found then
        return opened;
    end if;
    insert into account (kind, owner_key, normal_side, guarded) values (in_kind, in_owner_key, side, guard)
        on conflict (kind, owner_key) do nothing returning id into opened;
    if opened is null then
        select id into strict opened from account where kind = in_kind and owner_key = in_owner_key;
    elsif guard then
        insert into balance (account_id, normal_side) values (opened, side);
    end if;
    return opened;
end
$$;
