-- SPDX-License-Identifier: Apache-2.0
-- Does what a request asks for; the caller has checked finance_refusal under the locks and writes the decision. Internal;
-- answers the posting, null for match and unmatch, which have their own.
create or replace function xuqi.finance_do(in_request xuqi.finance_request, in_actor text) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    it       transfer_match;
    account  text;
    receipts bigint;
    payable  bigint;
    posted   bigint;
    mark     bytea := fingerprint(in_request.kind, in_request.id::text, in_request.fen::text);
    event    text := 'finance_' || in_request.kind;
    held     finance_request;
    going    bigint;
begin
    if in_request.kind = 'match' then
        perform match_book(array[in_request.line_id], array[in_request.order_no], array[in_request.fen],
                           array[null::bigint], array['finance'], array[in_request.reason], in_actor);
        return null;
    elsif in_request.kind = 'unmatch' then
        perform match_undo(in_request.match_id, in_request.reason, in_actor);
        return null;
    elsif in_request.kind in ('accept', 'dismiss') then
        perform statement_change_settle(in_request, in_actor);
        return null;
    end if;
    select * into it from transfer_match where id = in_request.match_id;
    select c.account_no into strict account
      from statement_line as l join collecting_account as c on c.id = l.collecting_account_id
     where l.id = coalesce(in_request.line_id, it.line_id);
    receipts := account_open('unmatched_receipts', account);
    if in_request.kind = 'suspend' then
        posted := ledger_post(event, in_request.id::text, mark, now(), in_actor, array[receipts],
                              array[account_open('statement_suspense', account)], array[in_request.fen]);
        update statement_line set taken_fen = taken_fen + in_request.fen where id = in_request.line_id;
    elsif in_request.kind = 'release' then
        select * into strict held from finance_request
         where line_id = in_request.line_id and kind = 'suspend' and state = 'done' and released_by is null
           and fen = in_request.fen order by id limit 1 for update;
        posted := ledger_post(event, in_request.id::text, mark, now(), in_actor,
                              array[account_open('statement_suspense', account)], array[receipts],
                              array[in_request.fen], held.posting_id);
        update finance_request set released_by = in_request.id where id = held.id;
        update statement_line set taken_fen = taken_fen - in_request.fen where id = in_request.line_id;
    else
        payable := account_open('refund_payable', 'payout:' || in_request.id);
        posted := ledger_post(event, in_request.id::text, mark, now(), in_actor,
                              array[case in_request.kind when 'return' then receipts else it.payer_credit_id end],
                              array[payable], array[in_request.fen]);
        if in_request.kind = 'return' then
            update statement_line set taken_fen = taken_fen + in_request.fen where id = in_request.line_id;
        end if;
        insert into payout_request (request_id, line_id, order_no, fen, payer_credit_id, posting_id)
        values (in_request.id, coalesce(in_request.line_id, it.line_id), it.order_no, in_request.fen,
                it.payer_credit_id, posted)
        returning id into going;
        perform payout_request_queue(going, in_actor);
    end if;
    return posted;
end
$$;
