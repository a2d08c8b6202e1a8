-- SPDX-License-Identifier: Apache-2.0
-- The orders that a remark names exactly, by their own number or by their renewal's, which stands for its current order.
-- Internal.
create or replace function xuqi.remark_orders(in_remark text) returns setof text
language sql stable strict rows 1 set search_path = xuqi, pg_temp as $$
    with number as materialized (select n from remark_numbers(in_remark) as n),
    named as (
        select o.order_no, n from number join "order" as o on o.order_no = n where length(n) = 26
        union all
        select r.order_no, n from number join renewal as r on r.renewal_no = n where length(n) < 26)
    -- 17 digits may be the beginning of the 18 that were meant.
    select distinct order_no from named as short
     where not exists (select from named as long where length(long.n) = 18 and length(short.n) = 17
                                                   and left(long.n, 17) = short.n)
$$;
