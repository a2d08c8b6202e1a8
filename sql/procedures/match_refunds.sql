-- SPDX-License-Identifier: Apache-2.0
-- The statement's refunds that are not ours (made at the gateway's console) and its disputes. Money that has left is booked
-- as an external refund, from suspense, for a person. Internal.
create or replace function xuqi.match_refunds(in_rail text, in_day date) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    foreign_row record;
begin
    for foreign_row in
        insert into match_difference as x (rail, day, class, kind, gateway_id, attempt_no, refund_no, their_day,
                                           theirs_fen, their_fee_millifen, booked_fen, note, renewal_no, action, state)
        select b.rail, b.day, 'state', b.kind, b.gateway_id, coalesce(n.attempt_no, b.attempt_no), b.refund_no, b.day,
               b.amount_fen, b.fee_millifen, case b.kind when 'refund' then -b.amount_fen else 0 end,
               left(case b.kind when 'refund' then 'external refund ' else '' end || b.status, 500), o.renewal_no,
               'person', 'open'
          from bill_row as b
          left join payment_notice as n
            on n.gateway = b.rail and n.gateway_txn = b.payment_txn and n.verdict in ('settled', 'surplus')
          left join payment_attempt as a on a.attempt_no = coalesce(n.attempt_no, b.attempt_no)
          left join "order" as o on o.order_no = a.order_no
         where b.rail = in_rail and b.day = in_day and b.kind in ('refund', 'dispute')
         order by b.kind, b.gateway_id
            on conflict (rail, kind, gateway_id) do nothing
        returning x.*
    loop
        if foreign_row.booked_fen <> 0 then
            perform match_post('external_refund', in_rail || ':' || foreign_row.gateway_id, in_rail, in_day,
                               foreign_row.booked_fen, 'gateway:' || in_rail);
        end if;
        insert into audit_event (actor, action, object, detail)
        values ('gateway:' || in_rail, 'match.' || foreign_row.kind, foreign_row.gateway_id, foreign_row.note);
    end loop;
end
$$;
