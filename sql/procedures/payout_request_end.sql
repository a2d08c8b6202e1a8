-- SPDX-License-Identifier: Apache-2.0
-- What became of money that was to go back: paid; or failed, then it is where it was before finance asked, the line's or the
-- payer's, and may be asked for again. Of a refund: refund_payout_end. Internal; the caller has booked what the bank did, and
-- holds the lock of the refund's renewal.
create or replace function xuqi.payout_request_end(in_request_id bigint, in_state text, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    it payout_request;
begin
    update payout_request set state = in_state, settled_at = clock_timestamp() where id = in_request_id
    returning * into it;
    if it.id is null then
        return; -- a verification's payout
    end if;
    if it.refund_no is not null then
        perform refund_payout_end(it, in_state, in_actor);
    elsif in_state = 'failed' then
        perform ledger_reverse(it.posting_id, in_actor);
        if it.payer_credit_id is null then
            update statement_line set taken_fen = taken_fen - it.fen where id = it.line_id;
        end if;
    end if;
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'payout_request.' || in_state, 'payout_request:' || it.id, it.fen || ' fen');
end
$$;
