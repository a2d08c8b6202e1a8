-- SPDX-License-Identifier: Apache-2.0
-- Why a rail's clearing account holds what it holds: the days that leave something in it, newest first, and last a row
-- without a day, the whole balance and how much of it nothing explains. xuqictl needs no session. One row with
-- outcome unauthenticated or forbidden, or rows with outcome ok. Reads only.
create or replace function xuqi.clearing_explain(in_token_digest bytea, in_rail text)
returns table (outcome text, day text, booked_fen bigint, statement_fen bigint, differences_fen bigint, arrived_fen bigint,
               remaining_fen bigint, why text, unexplained_fen bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    refusal text := match_refusal(in_token_digest);
begin
    if refusal is not null and session_user <> 'xuqi_admin' then
        outcome := refusal;
        return next;
        return;
    end if;
    return query
    with days as materialized (select * from clearing_days(in_rail))
    (select 'ok'::text, d.day::text, d.booked_fen, d.statement_fen, d.differences_fen, d.arrived_fen, d.remaining_fen, d.why,
            d.unexplained_fen
       from days as d where d.remaining_fen <> 0 or d.unexplained_fen <> 0 order by d.day desc)
    union all
    select 'ok'::text, null, coalesce(sum(d.booked_fen), 0)::bigint, coalesce(sum(d.statement_fen), 0)::bigint,
           coalesce(sum(d.differences_fen), 0)::bigint, coalesce(sum(d.arrived_fen), 0)::bigint,
           coalesce(sum(d.remaining_fen), 0)::bigint, 'balance', coalesce(sum(abs(d.unexplained_fen)), 0)::bigint
      from days as d;
end
$$;
