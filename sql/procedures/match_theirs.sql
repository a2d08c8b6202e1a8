-- SPDX-License-Identifier: Apache-2.0
-- The statement's payments held against the books: raises what is not ours, of another amount, of another order, of another
-- day, or charged otherwise than agreed. Internal; answers how many rows agree.
create or replace function xuqi.match_theirs(in_rail text, in_day date, in_fee_permyriad bigint) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    uneven bigint;
begin
    with theirs as (
        select b.*, n.attempt_no as our_attempt, n.amount_fen as our_fen, bill_day_of(b.rail, coalesce(p.occurred_at, p.event_at)) as our_day,
               round(b.amount_fen * in_fee_permyriad / 10000.0)::bigint * 1000 as fee_agreed
          from bill_row as b
          left join payment_notice as n
            on n.gateway = b.rail and n.gateway_txn = b.gateway_id and n.verdict in ('settled', 'surplus')
          left join posting as p on p.id = n.posting_id
         where b.rail = in_rail and b.day = in_day and b.kind = 'payment'),
    classed as (
        select t.*, case when t.our_fen is null then 'long'
                         when t.our_fen <> t.amount_fen then 'amount'
                         when t.our_attempt <> t.attempt_no then 'state'
                         when t.our_day <> t.day then 'cross_day'
                         when in_fee_permyriad >= 0 and abs(t.fee_millifen - t.fee_agreed) > 1000 then 'fee' end as class
          from theirs as t),
    raised as (
        insert into match_difference as x
               (rail, day, class, kind, gateway_id, attempt_no, our_day, their_day, ours_fen, theirs_fen,
                our_fee_millifen, their_fee_millifen, renewal_no, action, state, closed_at)
        select c.rail, c.day, c.class, 'payment', c.gateway_id, c.attempt_no, c.our_day, c.day, coalesce(c.our_fen, 0),
               c.amount_fen, case when in_fee_permyriad >= 0 then c.fee_agreed else c.fee_millifen end, c.fee_millifen,
               o.renewal_no, case c.class when 'cross_day' then 'none' when 'long' then 'query' else 'person' end,
               case c.class when 'cross_day' then 'settled' else 'open' end,
               case c.class when 'cross_day' then now() end
          from classed as c
          left join payment_attempt as a on a.attempt_no = c.attempt_no
          left join "order" as o on o.order_no = a.order_no
         where c.class is not null
         order by c.gateway_id
            on conflict (rail, kind, gateway_id) do nothing)
    select count(*) filter (where class is not null) into uneven from classed;
    return (select count(*) from bill_row where rail = in_rail and day = in_day and kind = 'payment') - uneven;
end
$$;
