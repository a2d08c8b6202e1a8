-- SPDX-License-Identifier: Apache-2.0
-- Is a statement line a receipt of which nothing has been used, sent back or put into suspense, and which nobody has taken
-- away from an order before? Only such lines are matched without a person.
create or replace function xuqi.line_is_free(in_line xuqi.statement_line) returns boolean
language sql stable set search_path = xuqi, pg_temp as $$
    select in_line.direction = 'credit' and in_line.kind = 'ordinary' and in_line.reversed_by is null
       and in_line.taken_fen = 0
       and not exists (select from transfer_match as m where m.line_id = in_line.id)
$$;
