-- SPDX-License-Identifier: Apache-2.0
-- The orders that a line may pay, the likeliest first, with what speaks for each. Outcomes: ok in every row, or one row:
-- empty, line_unknown, unauthenticated, forbidden. Reads only.
create or replace function xuqi.finance_candidates(in_token_digest bytea, in_line_id bigint, in_size bigint)
returns table (outcome text, order_no text, renewal_no text, platform text, payer text, amount_fen bigint,
               owed_fen bigint, score bigint, reasons text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome = 'ok' and not exists (select from statement_line where id = in_line_id) then
        outcome := 'line_unknown';
    end if;
    if outcome = 'ok' then
        return query select 'ok', c.* from line_candidates(in_line_id, in_size) as c;
        if found then
            return;
        end if;
        outcome := 'empty';
    end if;
    return next;
end
$$;
