-- SPDX-License-Identifier: Apache-2.0
-- Is a name in normal form long enough to stand for one payer alone? Persons of the same name are many, and a masked name
-- is nobody's. Not strict, so that it becomes part of the query that asks it of many lines.
create or replace function xuqi.name_is_company(in_name text) returns boolean
language sql immutable parallel safe as $$ select length(in_name) >= 6 and position('*' in in_name) = 0 $$;
