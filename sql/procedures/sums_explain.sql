-- SPDX-License-Identifier: Apache-2.0
-- Which receipts of one payer pay which of his open orders, when there is only one way to say it: a receipt is one order's
-- price, or the sum of several; several receipts within a month are one order's price. Orders and receipts of the same
-- amount are alike when there are as many of the one as of the other. A receipt from before its order is none of it.
-- More than 8 of either are only looked at when all amounts are the same. Reads nothing.
create or replace function xuqi.sums_explain(
    in_fens bigint[], in_booked date[], in_owed bigint[], in_ordered date[])
returns table (line_at integer, order_at integer, rule text)
language plpgsql immutable parallel safe rows 1 set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    lines    integer := cardinality(in_fens);
    orders   integer := cardinality(in_owed);
    sums     bigint[];
    picked   integer[] := '{}'; -- a mask of orders for each receipt; 0: none, -1: cannot be told
    mask     integer;
    alike    integer;
    several  integer;
    chosen   integer;
    pairs    integer := 0;
    pair_mask integer;
    pair_order integer;
    total    bigint;
    i        integer;
    j        integer;
begin
    if lines = 1 and orders = 1 then
        if in_fens[1] = in_owed[1] and in_booked[1] >= in_ordered[1] then
            return query select 1, 1, 'one_to_one'::text;
        end if;
        return;
    end if;
    if lines > 8 or orders > 8 then
        if lines = orders and in_fens[1] = all (in_fens) and in_fens[1] = all (in_owed)
           and (select min(d) from unnest(in_booked) as d) >= (select max(d) from unnest(in_ordered) as d) then
            return query select at, at, 'one_to_one'::text from generate_series(1, lines) as at;
        end if;
        return;
    end if;
    for mask in 1 .. (1 << orders) - 1 loop
        total := 0;
        for j in 1 .. orders loop
            if mask & (1 << (j - 1)) <> 0 then
                total := total + in_owed[j];
            end if;
        end loop;
        sums[mask] := total;
    end loop;

    for i in 1 .. lines loop
        alike := 0;
        several := 0;
        chosen := 0;
        for mask in 1 .. (1 << orders) - 1 loop
            if sums[mask] = in_fens[i] then
                if mask & (mask - 1) = 0 then
                    alike := alike + 1;
                else
                    several := several + 1;
                    chosen := mask;
                end if;
            end if;
        end loop;
        if alike + several = 0 then
            picked[i] := 0;
        elsif several = 0 and alike = (select count(*) from unnest(in_fens) as fen where fen = in_fens[i]) then
            -- The n-th of as many.
            picked[i] := (
                select 1 << (at - 1)::integer
                  from unnest(in_owed) with ordinality as o (owed, at)
                 where owed = in_fens[i] order by in_ordered[at], at
                offset (select count(*) from generate_series(1, lines) as k
                         where in_fens[k] = in_fens[i] and (in_booked[k], k) < (in_booked[i], i)) limit 1);
        elsif alike = 0 and several = 1 and (select count(*) from unnest(in_fens) as fen where fen = in_fens[i]) = 1 then
            picked[i] := chosen;
        else
            picked[i] := -1;
        end if;
    end loop;

    -- Several receipts, one order; only of receipts that nothing else explains.
    for mask in 1 .. (1 << lines) - 1 loop
        total := 0;
        for i in 1 .. lines loop
            if mask & (1 << (i - 1)) <> 0 then
                total := total + case picked[i] when 0 then in_fens[i] else 100000000000000 end;
            end if;
        end loop;
        if mask & (mask - 1) <> 0 then
            for j in 1 .. orders loop
                if total = in_owed[j] then
                    pairs := pairs + 1;
                    pair_mask := mask;
                    pair_order := j;
                end if;
            end loop;
        end if;
    end loop;

    return query
    with said as (
        select k as line_at, o as order_at,
               case when picked[k] & (picked[k] - 1) = 0 then 'one_to_one' else 'one_to_many' end as rule
          from generate_series(1, lines) as k, generate_series(1, orders) as o
         where picked[k] > 0 and picked[k] & (1 << (o - 1)) <> 0
        union all
        select k, pair_order, 'many_to_one'
          from generate_series(1, lines) as k
         where pairs = 1 and pair_mask & (1 << (k - 1)) <> 0
           and (select max(in_booked[m]) - min(in_booked[m]) from generate_series(1, lines) as m
                 where pair_mask & (1 << (m - 1)) <> 0) <= 31),
    doubtful as ( -- two explanations want one order, or it is younger than the money
        select distinct s.line_at from said as s
         where in_booked[s.line_at] < in_ordered[s.order_at]
            or exists (select from said as other
                        where other.order_at = s.order_at and other.line_at <> s.line_at
                          and not (other.rule = 'many_to_one' and s.rule = 'many_to_one'))
            or (s.rule = 'many_to_one' and exists (select from said as other
                 where other.rule = 'many_to_one' and in_booked[other.line_at] < in_ordered[other.order_at])))
    select s.line_at, s.order_at, s.rule from said as s where s.line_at not in (select d.line_at from doubtful as d);
end
$$;
