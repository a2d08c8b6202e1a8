-- SPDX-License-Identifier: Apache-2.0
-- Is a statement line a receipt of which nothing has been used, sent back or put into suspense, and which nobody has taken
-- away from an order before? Only such lines are matched without a person. Without a search path of its own, so that it
-- becomes part of the query that asks it of every line of an import.
create or replace function xuqi.line_is_free(in_line xuqi.statement_line) returns boolean
language sql stable as $$
    select in_line.direction = 'credit' and in_line.kind = 'ordinary' and in_line.reversed_by is null
       and in_line.taken_fen = 0
       and not exists (select from xuqi.transfer_match as m where m.line_id = in_line.id)
$$;
