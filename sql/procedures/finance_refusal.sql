-- SPDX-License-Identifier: Apache-2.0
-- What stands in the way of a request of finance; null when nothing does. The caller holds the locks. Internal.
create or replace function xuqi.finance_refusal(
    in_kind text, in_line_id bigint, in_order_no text, in_match_id bigint, in_fen bigint) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    line statement_line;
    it   transfer_match;
    due  "order";
begin
    select * into it from transfer_match where id = in_match_id;
    select * into line from statement_line where id = coalesce(in_line_id, it.line_id);
    select * into due from "order" where order_no = coalesce(in_order_no, it.order_no);
    return case
        when in_kind in ('unmatch', 'repay') and it.id is null then 'match_unknown'
        when in_kind in ('match', 'suspend', 'return') and line.id is null then 'line_unknown'
        when in_kind = 'match' and due.order_no is null then 'order_unknown'
        when in_kind in ('match', 'suspend', 'return')
             and (line.direction <> 'credit' or line.kind <> 'ordinary' or line.reversed_by is not null
                  or line.amount_fen - line.taken_fen < in_fen) then 'line_taken'
        when in_kind in ('unmatch', 'repay') and it.undone_at is not null then 'match_undone'
        when in_kind = 'unmatch'
             and credit_free(it.payer_credit_id) + case due.state when 'unpaid' then least(due.funded_fen, it.fen) else 0 end
                 < it.fen then 'match_spent'
        when in_kind = 'repay'
             and (credit_free(it.payer_credit_id) < in_fen
                  or it.fen - coalesce((select sum(p.fen) from payout_request as p join finance_request as f
                                            on f.id = p.request_id and f.match_id = it.id
                                         where p.state <> 'failed'), 0) < in_fen) then 'credit_absent'
        when in_kind in ('return', 'repay') and line.payer_account_digits = '' then 'payer_account_unknown' end;
end
$$;
