-- SPDX-License-Identifier: Apache-2.0
-- Fee tables as a request shows them, a line for each day and term: "2027-01-01 12: 200.00 = 证书服务费 200.00 x 1". Internal.
create or replace function xuqi.price_text(
    in_days text[], in_months bigint[], in_names text[], in_units bigint[], in_quantities bigint[]) returns text
language sql immutable set search_path = xuqi, pg_temp as $$
    select coalesce(string_agg(line, E'\n' order by day, months), '')
      from (select day, months,
                   format('%s %s: %s = %s', day, months, to_char(sum(unit * quantity) / 100.0, 'FM999999999990.00'),
                          string_agg(format('%s %s x %s', item, to_char(unit / 100.0, 'FM999999999990.00'), quantity),
                                     ' + ' order by place)) as line
              from unnest(in_days, in_months, in_names, in_units, in_quantities) with ordinality
                   as w (day, months, item, unit, quantity, place)
             group by day, months) as lines
$$;
