-- SPDX-License-Identifier: Apache-2.0
-- What we have booked as paid over a rail on a clearing day. Internal.
create or replace function xuqi.match_ours(in_rail text, in_day date)
returns table (gateway_txn text, attempt_no text, amount_fen bigint, at timestamptz)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select n.gateway_txn, n.attempt_no, n.amount_fen, coalesce(p.occurred_at, p.event_at)
      from posting as p join payment_notice as n on n.posting_id = p.id
     where p.event_type = 'gateway' and n.gateway = in_rail
       and (p.event_at >= bill_day_start(in_rail, in_day) and p.event_at < bill_day_start(in_rail, in_day + 1)
                and p.occurred_at is null
            or p.occurred_at >= bill_day_start(in_rail, in_day) and p.occurred_at < bill_day_start(in_rail, in_day + 1));
end
$$;
