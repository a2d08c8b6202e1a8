-- SPDX-License-Identifier: Apache-2.0
-- One more 0.01 yuan for a renewal's account verification: its number is fixed here, before any bank hears of it. The
-- caller holds the renewal's lock and knows that none is under way. Internal.
create or replace function xuqi.payout_queue(in_renewal_no text) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    made  text := 'XQ' || to_char(beijing(now()), 'YYYYMMDD') || lpad_growing(nextval('payout_sequence'), 10);
    times bigint;
begin
    update account_verification
       set state = 'paying', mode = '', reason = '', proof = '', payouts = payouts + 1, since = now(),
           expires_at = null, remind_at = null, reminders = 0
     where renewal_no = in_renewal_no
    returning payouts into strict times;
    insert into payout (client_id, purpose, renewal_no, number, amount_fen)
    values (made, 'verification', in_renewal_no, times, 1);
    perform enqueue('payout', made, in_renewal_no);
    insert into audit_event (actor, action, object, detail)
    values ('system', 'payout.queue', in_renewal_no, made);
    return made;
end
$$;
