-- SPDX-License-Identifier: Apache-2.0
-- Do a line and what the bank says of it now differ in words alone, not in day, direction, amount or kind? Internal.
create or replace function xuqi.statement_change_words(in_change xuqi.statement_change) returns boolean
language sql stable set search_path = xuqi, pg_temp as $$
    select in_change.reason = 'changed' and exists (
        select from statement_line as l
         where l.id = in_change.line_id
           and (l.booked_on::text, l.direction, l.amount_fen::text, l.kind)
               = (in_change.content ->> 'booked_on', in_change.content ->> 'direction', in_change.content ->> 'amount_fen',
                  in_change.content ->> 'kind'))
$$;
