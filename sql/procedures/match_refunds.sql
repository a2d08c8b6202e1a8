-- SPDX-License-Identifier: Apache-2.0
-- The statement's refunds held against ours, and its disputes. One that is not ours was made at the gateway's console: the
-- money has left and is booked as an external refund, from suspense, for a person. One of ours that we do not know as done
-- is asked about. Internal.
create or replace function xuqi.match_refunds(in_rail text, in_day date) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    raised record;
begin
    for raised in
        with theirs as (
            select b.*, r.amount_fen as our_fen, r.state as our_state, r.day as our_day, r.renewal_no as our_renewal,
                   case when b.kind = 'dispute' or r.state is null then 'state'
                        when r.amount_fen <> b.amount_fen then 'amount'
                        when r.state <> 'done' then 'state'
                        when r.day <> b.day then 'cross_day' end as class
              from bill_row as b
              left join lateral match_our_refund(b.rail, b.refund_no) as r on b.kind = 'refund'
             where b.rail = in_rail and b.day = in_day and b.kind in ('refund', 'dispute')
               -- one that was missed before has its difference: match_carry
               and not exists (select from match_difference as y
                                where y.rail = b.rail and y.kind = 'refund' and b.kind = 'refund' and y.gateway_id = b.refund_no))
        insert into match_difference as x
               (rail, day, class, kind, gateway_id, attempt_no, refund_no, our_day, their_day, ours_fen, theirs_fen,
                their_fee_millifen, booked_fen, note, renewal_no, action, state, closed_at)
        select t.rail, t.day, t.class, t.kind, t.gateway_id, coalesce(n.attempt_no, t.attempt_no), t.refund_no, t.our_day,
               t.day, coalesce(t.our_fen, 0), t.amount_fen, t.fee_millifen,
               case when t.kind = 'refund' and t.our_state is null then -t.amount_fen else 0 end,
               left(case when t.kind = 'dispute' then t.status
                         when t.our_state is null then 'external refund ' || t.status
                         else 'our refund is ' || t.our_state end, 500),
               coalesce(t.our_renewal, o.renewal_no),
               case when t.class = 'cross_day' then 'none' when t.class = 'state' and t.our_state is not null then 'query'
                    else 'person' end,
               case when t.class = 'cross_day' then 'settled' else 'open' end,
               case when t.class = 'cross_day' then now() end
          from theirs as t
          left join payment_notice as n
            on n.gateway = t.rail and n.gateway_txn = t.payment_txn and n.verdict in ('settled', 'surplus')
          left join payment_attempt as a on a.attempt_no = coalesce(n.attempt_no, t.attempt_no)
          left join "order" as o on o.order_no = a.order_no
         where t.class is not null
         order by t.kind, t.gateway_id
            on conflict (rail, kind, gateway_id) do nothing
        returning x.*
    loop
        if raised.booked_fen <> 0 then
            perform match_post('external_refund', in_rail || ':' || raised.gateway_id, in_rail, in_day,
                               raised.booked_fen, 'gateway:' || in_rail);
        elsif raised.action = 'query' then
            perform from renewal where renewal_no = raised.renewal_no for update;
            perform refund_wake(raised.refund_no);
            update match_difference set asked_at = clock_timestamp() where id = raised.id;
        end if;
        if raised.state = 'open' then
            insert into audit_event (actor, action, object, detail)
            values ('gateway:' || in_rail, 'match.' || raised.kind, raised.gateway_id, raised.note);
        end if;
    end loop;
end
$$;
