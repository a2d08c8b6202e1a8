-- SPDX-License-Identifier: Apache-2.0
-- What we know of a refund under a number of ours; no row when it is none of ours. day: on whose clearing day it is booked.
-- Internal.
create or replace function xuqi.match_our_refund(in_rail text, in_refund_no text)
returns table (amount_fen bigint, state text, day date, renewal_no text)
language plpgsql stable rows 1 set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    if to_regclass('xuqi.refund') is null then
        return;
    end if;
    return query
    select r.amount_fen, r.state, bill_day_of(in_rail, coalesce(p.occurred_at, p.event_at)), r.renewal_no
      from refund as r left join posting as p on p.id = r.done_id
     where r.refund_no = in_refund_no and r.gateway = in_rail;
end
$$;
