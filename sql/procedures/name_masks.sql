-- SPDX-License-Identifier: Apache-2.0
-- A name in normal form and the ways banks mask it: 张三丰, 张**, *三丰, 张*丰, 张*.
create or replace function xuqi.name_masks(in_name text) returns text[]
language sql immutable strict parallel safe as $$
    select case when length(in_name) < 2 then array[in_name]
                else array[in_name,
                           left(in_name, 1) || repeat('*', length(in_name) - 1),
                           left(in_name, 1) || '*',
                           left(in_name, 1) || '**',
                           '*' || substr(in_name, 2),
                           repeat('*', length(in_name) - 1) || right(in_name, 1),
                           left(in_name, 1) || repeat('*', greatest(length(in_name) - 2, 1)) || right(in_name, 1)] end
$$;
