-- SPDX-License-Identifier: Apache-2.0
-- What was raised about statement lines, newest first, before the one given: open, accepted, dismissed, all. Each with the line
-- as we have it, and as the bank said it then. Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.finance_changes(in_token_digest bytea, in_state text, in_before bigint, in_size bigint)
returns table (outcome text, change_id bigint, account_no text, reason text, state text, raised_at timestamptz, line_id bigint,
               booked_on text, direction text, amount_fen bigint, payer_account text, payer_name text, remark text,
               bank_ref text, taken_fen bigint, said_booked_on text, said_direction text, said_amount_fen bigint,
               said_payer_account text, said_payer_name text, said_remark text, said_kind text, request_id bigint,
               settled_by text, settled_at timestamptz, note text, accepted_line_id bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    select 'ok', c.id, a.account_no, c.reason, c.state, c.raised_at, l.id, l.booked_on::text, l.direction, l.amount_fen,
           l.payer_account, l.payer_name, l.remark, l.bank_ref, l.taken_fen, c.content ->> 'booked_on', c.content ->> 'direction',
           (c.content ->> 'amount_fen')::bigint, c.content ->> 'payer_account', c.content ->> 'payer_name',
           c.content ->> 'remark', c.content ->> 'kind',
           (select f.id from finance_request as f where f.change_id = c.id and f.state = 'asked' order by f.id limit 1),
           c.settled_by, c.settled_at, c.note, c.accepted_line_id
      from statement_change as c
      join collecting_account as a on a.id = c.collecting_account_id
      left join statement_line as l on l.id = c.line_id
     where c.id < in_before and (in_state = 'all' or c.state = in_state)
     order by c.id desc limit in_size;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
