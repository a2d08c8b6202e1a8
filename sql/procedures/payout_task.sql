-- SPDX-License-Identifier: Apache-2.0
-- Locks what belongs to a payout, in the order that everybody keeps: renewal, outbox row, payout. Raises nothing: a null
-- client_id when the caller does not hold the row's current token. Internal.
create or replace function xuqi.payout_task(in_id bigint, in_lease_token bigint, in_client_id text) returns xuqi.payout
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    it payout;
begin
    perform payout_lock_renewal(in_client_id);
    perform from outbox
      where id = in_id and lease_token = in_lease_token and state = 'leased' and event = in_client_id for update;
    if found then
        select * into it from payout where client_id = in_client_id for update;
    end if;
    return it;
end
$$;
