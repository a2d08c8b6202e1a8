-- SPDX-License-Identifier: Apache-2.0
-- A clearing day of each rail, the three sources side by side: ours, the gateway's, what has arrived at the bank; and how
-- many differences of each class it raised, those that are still unexplained in brackets. A row for each rail that has
-- traded, was billed or paid out. Reads only.
create or replace function xuqi.match_show(in_day text)
returns table (rail text, state text, payments bigint, payments_fen bigint, their_payments bigint, their_payments_fen bigint,
               their_refunds bigint, their_refunds_fen bigint, fee_fen bigint, arrived_fen bigint, even bigint,
               differences text, matched_at timestamptz, file_id bigint, fault text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    with rails as (
        select distinct a.owner_key as rail from account as a where a.kind = 'gateway_clearing'
        union select d.rail from bill_day as d where d.day = in_day::date
        union select f.rail from bill_file as f where f.day = in_day::date)
    select r.rail, coalesce(d.state, 'waiting'), ours.payments, ours.fen, coalesce(d.payments, 0),
           coalesce(d.payments_fen, 0), coalesce(d.refunds, 0), coalesce(d.refunds_fen, 0),
           coalesce(d.fee_booked_fen, 0), arrived.fen, coalesce(d.even, 0), coalesce(x.list, ''), d.matched_at,
           coalesce(f.id, 0), coalesce(f.fault, '')
      from rails as r
      left join bill_day as d on d.rail = r.rail and d.day = in_day::date
      left join lateral (select b.* from bill_file as b where b.rail = r.rail and b.day = in_day::date
                          order by b.id desc limit 1) as f on true
     cross join lateral (select count(*) as payments, coalesce(sum(o.amount_fen), 0)::bigint as fen
                           from match_ours(r.rail, in_day::date) as o) as ours
     cross join lateral (select coalesce(sum(s.amount_fen), 0)::bigint as fen
                           from settlement as s where s.rail = r.rail and s.day = in_day::date) as arrived
     cross join lateral (
            select string_agg(format('match_%s %s (%s)', c.class, c.all_of, c.unexplained), ', ' order by c.class) as list
              from (select m.class, count(*) as all_of,
                           count(*) filter (where m.state in ('waiting', 'open')) as unexplained
                      from match_difference as m where m.rail = r.rail and m.day = in_day::date group by m.class) as c) as x
     where ours.payments > 0 or d.rail is not null or f.id is not null or arrived.fen <> 0
     order by r.rail;
end
$$;
