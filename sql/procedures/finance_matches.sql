-- SPDX-License-Identifier: Apache-2.0
-- What was matched, newest first, before the one given, of one line or one order where they are named; also what was undone.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.finance_matches(
    in_token_digest bytea, in_line_id bigint, in_order_no text, in_from bigint, in_to bigint, in_before bigint,
    in_size bigint)
returns table (outcome text, match_id bigint, line_id bigint, booked_on text, payer_name text, payer_account text,
               line_fen bigint, order_no text, renewal_no text, payer text, fen bigint, rule text, reason text,
               made_by text, made_at timestamptz, undone_at timestamptz, undone_by text, undo_reason text)
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
    select 'ok', m.id, m.line_id, to_char(l.booked_on, 'YYYY-MM-DD'), l.payer_name, l.payer_account, l.amount_fen,
           m.order_no, m.renewal_no, coalesce(nullif(r.organisation, ''), r.subject), m.fen, m.rule, m.reason,
           m.made_by, m.made_at, m.undone_at, m.undone_by, m.undo_reason
      from transfer_match as m
      join statement_line as l on l.id = m.line_id
      join renewal as r on r.renewal_no = m.renewal_no
     where m.id < in_before and (in_line_id = 0 or m.line_id = in_line_id)
       and (in_order_no = '' or m.order_no = in_order_no)
       and l.booked_on between date '1970-01-01' + in_from::integer and date '1970-01-01' + in_to::integer
     order by m.id desc limit in_size;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
