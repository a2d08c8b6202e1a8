-- SPDX-License-Identifier: Apache-2.0
-- The finance desk's figures over some days (since 1970-01-01, both counted), by day or by month (in_unit), as rows:
--   income       what was paid, by platform and rail; refund: what went back; both of a day in Beijing
--   bill         of a rail's bills: records, and how many of them agreed (good)
--   line         receipts on the banks' statements, and how many are matched in full (good); amount_fen is what is not
--   open_difference, open_line   what is open today, by age: bucket is 0, 1, 3, 7, 30 (days at least); of a line its free part
-- count and amount_fen are sums of what the lists behind them show. For finance and auditors.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.finance_overview(in_token_digest bytea, in_from_day bigint, in_to_day bigint, in_unit text)
returns table (outcome text, part text, bucket text, platform text, rail text, count bigint, good bigint, amount_fen bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    starts  timestamptz := day_begin(in_from_day);
    ends    timestamptz := day_begin(in_to_day + 1);
    first   date := date '1970-01-01' + in_from_day::integer;
    last    date := date '1970-01-01' + in_to_day::integer;
    today   date := beijing(now())::date;
    pattern text := case in_unit when 'month' then 'YYYY-MM' else 'YYYY-MM-DD' end;
begin
    outcome := match_refusal(in_token_digest);
    if outcome is not null then
        return next;
        return;
    end if;
    return query
    select 'ok'::text, 'income'::text, to_char(beijing(o.paid_at), pattern), r.platform, o.paid_gateway, count(*), 0::bigint, sum(o.amount_fen)::bigint
      from "order" as o join renewal as r on r.renewal_no = o.renewal_no
     where o.paid_at >= starts and o.paid_at < ends
     group by 3, 4, 5
    union all
    select 'ok', 'refund', to_char(beijing(f.ended_at), pattern), r.platform, coalesce(f.gateway, 'bank_transfer'), count(*), 0, sum(f.amount_fen)::bigint
      from refund as f join renewal as r on r.renewal_no = f.renewal_no
     where f.state = 'done' and f.ended_at >= starts and f.ended_at < ends
     group by 3, 4, 5
    union all
    select 'ok', 'bill', to_char(b.day, pattern), '', b.rail, sum(b.payments + b.refunds)::bigint, sum(b.even)::bigint, sum(b.payments_fen)::bigint
      from bill_day as b where b.day between first and last and b.state = 'loaded'
     group by 3, 5
    having sum(b.payments + b.refunds) > 0
    union all
    select 'ok', 'line', to_char(l.booked_on, pattern), '', 'bank_transfer', count(*), count(*) filter (where l.taken_fen = l.amount_fen),
           sum(l.amount_fen - l.taken_fen)::bigint
      from statement_line as l
     where l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null and l.booked_on between first and last
     group by 3
    union all
    select 'ok', 'open_difference', age.days, '', d.rail, count(*), 0, sum(abs(d.ours_fen - d.theirs_fen))::bigint
      from match_difference as d,
           lateral (select case when t >= 30 then '30' when t >= 7 then '7' when t >= 3 then '3' when t >= 1 then '1' else '0' end as days
                      from (select today - beijing(d.opened_at)::date as t) as x) as age
     where d.state in ('waiting', 'open')
     group by 3, 5
    union all
    select 'ok', 'open_line', age.days, '', 'bank_transfer', count(*), 0, sum(l.amount_fen - l.taken_fen)::bigint
      from statement_line as l,
           lateral (select case when t >= 30 then '30' when t >= 7 then '7' when t >= 3 then '3' when t >= 1 then '1' else '0' end as days
                      from (select today - l.booked_on as t) as x) as age
     where l.direction = 'credit' and l.kind = 'ordinary' and l.reversed_by is null and l.taken_fen < l.amount_fen
     group by 3
     order by 2, 3, 4, 5;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
