-- SPDX-License-Identifier: Apache-2.0
-- What became of a payout, whoever pays it: booked, and its outbox row gone. in_state: paid, failed. in_failure and in_word: why, and the
-- bank's own words. The account verification that waits for it goes on. The caller holds the renewal's lock and knows
-- that the payout's state allows it. Internal.
create or replace function xuqi.payout_end(
    in_client_id text, in_state text, in_failure text, in_word text, in_code_days bigint default 0,
    in_success_days bigint default 0) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    it       payout;
    reserved bigint := (select id from posting where event_type = 'payout' and event_key = in_client_id);
begin
    update payout
       set state = in_state, failure = in_failure, settled_at = clock_timestamp(),
           word = case when in_word = '' then word else left(in_word, 100) end
     where client_id = in_client_id
    returning * into strict it;
    if in_state = 'paid' then
        perform ledger_post('payout_paid', in_client_id, fingerprint(in_client_id, it.amount_fen::text), now(),
                            'bank:' || it.bank, array[account_open('payout_clearing', in_client_id)],
                            array[account_open('bank', it.from_account)], array[it.amount_fen]);
    elsif reserved is not null then
        perform ledger_reverse(reserved, 'jobs');
    end if;
    perform payout_request_end(it.request_id, in_state, 'jobs');
    with done as (delete from outbox where topic = 'payout' and event = in_client_id returning *)
    insert into outbox_done (id, topic, dedup_key, event, renewal_no, attempts, result)
    select id, topic, dedup_key, event, renewal_no, attempts, in_state from done;
    insert into audit_event (actor, action, object, detail)
    values ('jobs', 'payout.' || in_state, payout_subject(it), concat_ws(' ', in_client_id, nullif(in_failure, '')));
    perform account_follow(in_client_id, in_code_days, in_success_days);
end
$$;
