-- SPDX-License-Identifier: Apache-2.0
-- Output tax of every price from 1 fen to 1,000 yuan at every rate: net and tax come to the price, and net is the price
-- without tax rounded half up, which is what money_tax_fen says as well (tests/unit/domain/test_money.c).
set search_path = story;

create temporary table split as
    select gross, rate, s.net_fen, s.tax_fen from unnest(array[0, 100, 300, 600, 900, 1300]) as rate, generate_series(1, 100000) as gross,
           lateral xuqi.tax_split(gross, rate) as s;
select same('600,000 prices are split', (select count(*)::text from split), '600000');
select same('net and tax come to the price', (select count(*)::text from split where net_fen + tax_fen <> gross), '0');
select same('neither is below nothing', (select count(*)::text from split where net_fen < 0 or tax_fen < 0), '0');
select same('net is never more than half a fen from the price without tax, and a half goes up',
            (select count(*)::text from split where not (2 * (net_fen * (10000 + rate) - gross * 10000) > -(10000 + rate)
                                                     and 2 * (net_fen * (10000 + rate) - gross * 10000) <= 10000 + rate)), '0');
select same('at these rates no price lies on a half', (select count(*)::text from split where 2 * (net_fen * (10000 + rate) - gross * 10000) = 10000 + rate), '0');
select same('at another a half goes up', (select string_agg(net_fen || '+' || tax_fen, ' ' order by gross) from unnest(array[4, 12, 20]) as gross, lateral xuqi.tax_split(gross, 6000)), '3+1 8+4 13+7');
select same('without tax all is net', (select count(*)::text from split where rate = 0 and tax_fen <> 0), '0');
select same('a higher price has no less tax', (select count(*)::text from (select tax_fen - lag(tax_fen) over (partition by rate order by gross) as step from split) as s where step not in (0, 1)), '0');
select same('a higher rate has no less tax', (select count(*)::text from (select tax_fen - lag(tax_fen) over (partition by gross order by rate) as step from split) as s where step < 0), '0');
select same('the largest price overflows nothing', (select net_fen || ' ' || tax_fen from xuqi.tax_split(100000000000, 1300)), '88495575221 11504424779');

-- The same through the ledger: what issuing books is this split, also where a leg is nothing.
create function story.recognised(key text) returns text language sql as $$
    select string_agg(a.kind || ' ' || t.amount, ', ' order by t.leg) from xuqi.posting p join xuqi.transfer t on t.posting_id = p.id join xuqi.account a on a.id = t.credit_id
     where p.event_type = 'issue' and p.event_key = key
$$;
select xuqi.revenue_recognise(array_agg(gross || ' ' || rate), array_agg(gross), array_agg(rate))
  from unnest(array[0, 100, 300, 600, 900, 1300]::bigint[]) as rate, unnest(array[1, 2, 8, 9, 17, 50, 53, 106, 109, 113, 20000, 99999, 100000]::bigint[]) as gross \gset done_
select same('what is booked is the split: ' || gross || ' fen at ' || rate || '/10000', recognised(gross || ' ' || rate),
            concat_ws(', ', 'revenue ' || nullif(net_fen, 0), 'output_tax ' || nullif(tax_fen, 0)))
  from split where gross in (1, 2, 8, 9, 17, 50, 53, 106, 109, 113, 20000, 99999, 100000);
