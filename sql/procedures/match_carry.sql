-- SPDX-License-Identifier: Apache-2.0
-- What waits for a later bill, when that of in_day is there: found in it, it is 跨日 and explained (短款 and explained, when a
-- later file of the same day brings it). A payment away from the day's ends is held one day, one near them and a refund three;
-- then the gateway is asked about a payment, and what it answers is a person's (match_answered), as is what it does not answer
-- within a day. Internal.
create or replace function xuqi.match_carry(in_rail text, in_day date) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    late record;
begin
    update match_difference as x
       set class = case when x.our_day = in_day then x.class else 'cross_day' end, state = 'settled', action = 'none', closed_at = now(), their_day = in_day,
           theirs_fen = b.amount_fen, their_fee_millifen = b.fee_millifen
      from bill_row as b
     where x.rail = in_rail and x.class in ('short', 'cross_day') and x.state in ('waiting', 'open')
       and x.their_day is null and x.ours_fen = b.amount_fen
       and b.rail = x.rail and b.day = in_day and b.kind = x.kind and b.gateway_id = x.gateway_id;
    -- A refund is known by our number; of another amount it is a person's.
    update match_difference as x
       set class = case when x.ours_fen <> b.amount_fen then 'amount' when x.our_day = in_day then x.class else 'cross_day' end,
           state = case when x.ours_fen = b.amount_fen then 'settled' else 'open' end,
           action = case when x.ours_fen = b.amount_fen then 'none' else 'person' end,
           closed_at = case when x.ours_fen = b.amount_fen then now() end,
           their_day = in_day, theirs_fen = b.amount_fen, their_fee_millifen = b.fee_millifen
      from bill_row as b
     where x.rail = in_rail and x.kind = 'refund' and x.class = 'short' and x.state in ('waiting', 'open') and x.their_day is null
       and b.rail = x.rail and b.day = in_day and b.kind = 'refund' and b.refund_no = x.refund_no;
    for late in
        update match_difference as x
           set class = 'short', state = 'open',
               action = case when a.queried and x.kind = 'payment' then 'query' else 'person' end,
               asked_at = case when a.queried and x.kind = 'payment' then clock_timestamp() end
          from match_difference as y left join payment_attempt as a on a.attempt_no = y.attempt_no
         where y.id = x.id and x.rail = in_rail and x.state = 'waiting'
           and x.our_day + case when x.class = 'short' and x.kind = 'payment' then 1 else 3 end <= in_day
        returning x.*
    loop
        perform from renewal where renewal_no = late.renewal_no for update;
        if late.action = 'query' then
            perform payment_ask(late.attempt_no, now());
        end if;
        insert into audit_event (actor, action, object, detail)
        values ('jobs', 'match.short', late.gateway_id, format('%s of %s is in no statement', late.ours_fen, late.our_day));
    end loop;
    update match_difference
       set action = 'person'
     where rail = in_rail and state = 'open' and action = 'query' and asked_at < now() - interval '1 day'
       and answer in ('', 'pending', 'no_answer');
end
$$;
