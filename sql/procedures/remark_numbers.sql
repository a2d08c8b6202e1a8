-- SPDX-License-Identifier: Apache-2.0
-- What may be an order number (26 digits) or a renewal number (17 or 18) in a remark, exactly as written but for white
-- space, width and punctuation; also where other digits stand right before or behind it. One that stands there twice comes twice. Reads only. Neither strict nor with
-- settings of its own, so that it becomes part of the query that asks it of many lines.
create or replace function xuqi.remark_numbers(in_remark text) returns setof text
language sql immutable parallel safe rows 2 as $$
    select substr(run[1], at, size)
      from regexp_matches(xuqi.remark_normal(in_remark), '[0-9]+', 'g') as run,
           lateral unnest(case when length(run[1]) >= 26 then array[26, 18, 17] when length(run[1]) >= 18 then array[18, 17]
                               when length(run[1]) = 17 then array[17] end) as size,
           lateral generate_series(1, length(run[1]) - size + 1) as at
     where substr(run[1], at, 2) = case size when 26 then '20' else '01' end
$$;
