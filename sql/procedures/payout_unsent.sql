-- SPDX-License-Identifier: Apache-2.0
-- The bank's front end could not be reached at all, so that nothing was sent: the same payout, under the same number, may
-- be sent in in_after_s seconds. Only whoever holds the row's current token may say so. Outcomes: later, stale.
create or replace function xuqi.payout_unsent(
    in_id bigint, in_lease_token bigint, in_client_id text, in_after_s bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    it payout := payout_task(in_id, in_lease_token, in_client_id);
begin
    if it.client_id is null or it.state <> 'sent' or it.asked > 0 then
        outcome := 'stale';
        return;
    end if;
    update payout set state = 'queued', sent_at = null, payee_index = null, word = 'unreachable'
     where client_id = in_client_id;
    update payout_request set state = 'approved' where id = it.request_id;
    perform payout_later(in_id, clock_timestamp() + make_interval(secs => in_after_s), 'unreachable');
    outcome := 'later';
end
$$;
