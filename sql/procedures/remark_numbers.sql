-- SPDX-License-Identifier: Apache-2.0
-- What may be an order number (26 digits) or a renewal number (17 or 18) in a remark, exactly as written but for white
-- space, width and punctuation; also where other digits stand right before or behind it. Reads only.
create or replace function xuqi.remark_numbers(in_remark text) returns setof text
language sql immutable strict parallel safe rows 2 as $$
    select distinct substr(run[1], at, size)
      from regexp_matches(xuqi.remark_normal(in_remark), '[0-9]{17,200}', 'g') as run,
           unnest(array[26, 18, 17]) as size,
           generate_series(1, length(run[1]) - size + 1) as at
     where substr(run[1], at, 2) = case size when 26 then '20' else '01' end
$$;
