-- SPDX-License-Identifier: Apache-2.0
-- What waits for a later bill, when that of in_day is there: found in it, it is 跨日 and explained (短款 and explained, when a later file of the same day brings it); a payment away from the
-- day's ends is held one day, one near them three, then the gateway is asked and a person must look. Internal.
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
    for late in
        update match_difference as x
           set class = 'short', state = 'open', action = 'person'
         where x.rail = in_rail and x.state = 'waiting'
           and x.our_day + case x.class when 'short' then 1 else 3 end <= in_day
        returning x.*
    loop
        perform from renewal where renewal_no = late.renewal_no for update;
        if late.kind = 'payment' and late.renewal_no is not null then
            perform payment_ask(late.attempt_no, now());
        end if;
        insert into audit_event (actor, action, object, detail)
        values ('jobs', 'match.short', late.gateway_id, format('%s of %s is in no statement', late.ours_fen, late.our_day));
    end loop;
end
$$;
