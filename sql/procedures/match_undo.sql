-- SPDX-License-Identifier: Apache-2.0
-- Takes a match back: the line is free again, the money is no longer the payer's, and a proof that it was falls with it. The caller holds the renewal's lock
-- and has seen that the money is not spent. Internal; raises when it is.
create or replace function xuqi.match_undo(in_match_id bigint, in_reason text, in_actor text) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    it       transfer_match;
    receipts bigint;
    posted   bigint;
begin
    select * into strict it from transfer_match where id = in_match_id and undone_at is null for update;
    perform from balance where account_id = it.payer_credit_id for update;
    update "order" set funded_fen = funded_fen - least(funded_fen, it.fen)
     where order_no = it.order_no and state = 'unpaid';
    if credit_free(it.payer_credit_id) < it.fen then
        raise exception 'match %: its money has been used', it.id using errcode = '23514';
    end if;
    select debit_id into strict receipts from transfer where posting_id = it.posting_id;
    posted := ledger_post('match_undo', it.id::text, fingerprint(it.id::text, it.fen::text), now(), in_actor,
                          array[it.payer_credit_id], array[receipts], array[it.fen], it.posting_id);
    update statement_line set taken_fen = taken_fen - it.fen where id = it.line_id;
    update transfer_match
       set undone_at = now(), undone_by = in_actor, undo_reason = in_reason, undo_posting_id = posted, declared_id = null
     where id = it.id;
    if it.proves then
        perform account_unproven(it.renewal_no, format('match %s undone', it.id), in_actor);
    end if;
    update declared_transfer
       set state = 'ambiguous', bank_amount_fen = null, bank_booked_on = null, credited_fen = null, checked_at = now()
     where id = it.declared_id;
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'transfer.unmatch', it.renewal_no, format('match %s line %s %s fen: %s', it.id, it.line_id, it.fen,
            reason_keep(in_actor, it.renewal_no, in_reason)));
    return posted;
end
$$;
