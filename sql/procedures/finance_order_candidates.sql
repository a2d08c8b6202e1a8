-- SPDX-License-Identifier: Apache-2.0
-- The lines that may pay an order, the likeliest first, with what speaks for each. Outcomes: ok in every row, or one row:
-- empty, order_unknown, unauthenticated, forbidden. Reads only.
create or replace function xuqi.finance_order_candidates(in_token_digest bytea, in_order_no text, in_size bigint)
returns table (outcome text, line_id bigint, booked_on text, payer_account text, payer_name text, remark text,
               amount_fen bigint, free_fen bigint, score bigint, reasons text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_order(in_token_digest, in_order_no);
    outcome := caller.outcome;
    if outcome = 'ok' and not exists (select from "order" where order_no = in_order_no) then
        outcome := 'order_unknown';
    end if;
    if outcome = 'ok' then
        return query
        select 'ok', c.line_id, to_char(c.booked_on, 'YYYY-MM-DD'), c.payer_account, c.payer_name, c.remark,
               c.amount_fen, c.free_fen, c.score, c.reasons
          from order_candidates(in_order_no, in_size) as c;
        if found then
            return;
        end if;
        outcome := 'empty';
    end if;
    return next;
end
$$;
