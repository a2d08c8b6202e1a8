-- SPDX-License-Identifier: Apache-2.0
-- Our payments of a day held against the statements: what is in none is 短款 and waits a day, near the day's ends it is 跨日
-- and waits three; what is in a neighbour's is 跨日 and explained. The same of our refunds, which gateways bill on the day that
-- suits them: those that no bill has so far are 短款 and wait three days, under our number. Internal.
create or replace function xuqi.match_missing(in_rail text, in_day date) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    insert into match_difference (rail, day, class, kind, gateway_id, attempt_no, our_day, their_day, ours_fen, theirs_fen,
                                  their_fee_millifen, renewal_no, action, state, closed_at)
    select in_rail, in_day, case when other.day is not null or bill_near_cut(in_rail, ours.at) then 'cross_day' else 'short' end,
           'payment', ours.gateway_txn, ours.attempt_no, in_day, other.day, ours.amount_fen, coalesce(other.amount_fen, 0),
           coalesce(other.fee_millifen, 0), o.renewal_no, case when other.day is not null then 'none' else 'wait' end,
           case when other.day is not null then 'settled' else 'waiting' end,
           case when other.day is not null then now() end
      from match_ours(in_rail, in_day) as ours
      left join bill_row as b
        on b.rail = in_rail and b.day = in_day and b.kind = 'payment' and b.gateway_id = ours.gateway_txn
      left join lateral (
            select n.day, n.amount_fen, n.fee_millifen from bill_row as n
             where n.rail = in_rail and n.kind = 'payment' and n.gateway_id = ours.gateway_txn
               and n.day in (in_day - 1, in_day + 1, in_day + 2, in_day + 3) and n.amount_fen = ours.amount_fen
             order by n.day limit 1) as other on true
      left join payment_attempt as a on a.attempt_no = ours.attempt_no
      left join "order" as o on o.order_no = a.order_no
     where b.gateway_id is null
     order by ours.gateway_txn
        on conflict (rail, kind, gateway_id) do nothing;
    insert into match_difference (rail, day, class, kind, gateway_id, attempt_no, refund_no, our_day, ours_fen, renewal_no, action, state)
    select in_rail, in_day, 'short', 'refund', r.refund_no, r.attempt_no, r.refund_no, in_day, r.amount_fen, r.renewal_no, 'wait', 'waiting'
      from posting as p join refund as r on r.done_id = p.id
     where r.gateway = in_rail
       and (p.event_at >= bill_day_start(in_rail, in_day) and p.event_at < bill_day_start(in_rail, in_day + 1)
                and p.occurred_at is null
            or p.occurred_at >= bill_day_start(in_rail, in_day) and p.occurred_at < bill_day_start(in_rail, in_day + 1))
       and not exists (select from bill_row as b where b.rail = in_rail and b.kind = 'refund' and b.refund_no = r.refund_no)
     order by r.refund_no
        on conflict (rail, kind, gateway_id) do nothing;
end
$$;
