-- SPDX-License-Identifier: Apache-2.0
-- What finance asked for, newest first, before the one given: asked (waiting for a second person), done, refused, all.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.finance_requests(
    in_token_digest bytea, in_state text, in_before bigint, in_size bigint)
returns table (outcome text, request_id bigint, kind text, line_id bigint, order_no text, match_id bigint, fen bigint,
               reason text, state text, two_people boolean, asked_by text, asked_at timestamptz, decided_by text,
               decided_at timestamptz, released boolean)
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
    select 'ok', f.id, f.kind, coalesce(f.line_id, 0), f.order_no, coalesce(f.match_id, 0), f.fen, f.reason, f.state,
           f.two_people, a.display_name, f.asked_at, d.display_name, f.decided_at, f.released_by is not null
      from finance_request as f
      join staff as a on a.id = f.asked_by
      left join staff as d on d.id = f.decided_by
     where f.id < in_before and (in_state = 'all' or f.state = in_state)
     order by f.id desc limit in_size;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
