-- SPDX-License-Identifier: Apache-2.0
-- Length-prefixed concatenation: no two different lists give the same bytes. Null is told apart from empty: it has the
-- length -1. That is how array_send writes the elements after its head of twenty bytes.
-- The one helper in SQL: a single expression without settings of its own becomes part of the statement that uses it,
-- where any other function in SQL is planned at every call; and only if it claims no more than array_send does (stable).
create or replace function xuqi.canonical(variadic in_parts bytea[]) returns bytea
language sql stable parallel safe
return pg_catalog.substr(pg_catalog.array_send(in_parts), 21);
