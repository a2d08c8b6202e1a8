-- SPDX-License-Identifier: Apache-2.0
-- Closes the differences of a rail, or one of them, that have explained themselves: money that the statement had and we had not
-- is booked by now. Internal; safe to call again.
create or replace function xuqi.match_sweep(in_rail text, in_id bigint default null) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    update match_difference as x
       set state = 'settled', closed_at = now(), action = 'none', ours_fen = n.amount_fen,
           our_day = bill_day_of(x.rail, coalesce(p.occurred_at, p.event_at)), note = 'booked after a query'
      from payment_notice as n join posting as p on p.id = n.posting_id
     where x.rail = in_rail and (in_id is null or x.id = in_id) and x.class = 'long' and x.kind = 'payment' and x.state in ('waiting', 'open')
       and x.booked_fen = 0 and n.gateway = x.rail and n.gateway_txn = x.gateway_id
       and n.verdict in ('settled', 'surplus');
    update match_difference as x
       set state = 'settled', closed_at = now(), action = 'none', ours_fen = r.amount_fen, our_day = r.day,
           note = 'our refund is done'
      from match_difference as y, lateral match_our_refund(y.rail, y.refund_no) as r
     where y.id = x.id and x.rail = in_rail and (in_id is null or x.id = in_id) and x.class = 'state' and x.kind = 'refund'
       and x.state = 'open' and r.state = 'done' and r.amount_fen = x.theirs_fen;
end
$$;
