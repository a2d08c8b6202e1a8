-- SPDX-License-Identifier: Apache-2.0
-- How many digits a remark has, of half or full width, with letters that are read as digits where a number is misspelt: a
-- cheap look before remark_numbers, which costs twenty times as much. 0 for what is too short to hold any number that is looked for
-- (16). Not strict, so that it becomes part of the query that asks it of many lines.
create or replace function xuqi.remark_digits(in_remark text) returns integer
language sql immutable parallel safe as $$
    select case when length(in_remark) < 16 then 0
                else length(in_remark) - length(translate(in_remark, '0123456789０１２３４５６７８９OILoilＯＩＬｏｉｌ', '')) end
$$;
