-- SPDX-License-Identifier: Apache-2.0
-- Money goes back where it came from: the payment's number is fixed here, before any bank hears of it, and the account of ours
-- that pays is the one it came to. Internal; the caller has written the request and its posting.
create or replace function xuqi.payout_request_queue(in_request_id bigint, in_actor text) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    made text := 'XQ' || to_char(beijing(now()), 'YYYYMMDD') || lpad_growing(nextval('payout_sequence'), 10);
begin
    insert into payout (client_id, purpose, request_id, number, amount_fen, from_account, payee_masked)
    select made, 'repayment', q.id, 1, q.fen, c.account_no, '****' || right(l.payer_account_digits, 4)
      from payout_request as q
      join statement_line as l on l.id = q.line_id
      join collecting_account as c on c.id = l.collecting_account_id
     where q.id = in_request_id;
    perform enqueue('payout', made, '');
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'payout.queue', 'payout_request:' || in_request_id, made);
    return made;
end
$$;
