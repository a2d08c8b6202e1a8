-- SPDX-License-Identifier: Apache-2.0
-- Is there anything among the odd lines of the statement under way that no person has been told of yet? Internal, inside
-- statement_take's transaction; the same rows as statement_raise would write.
create or replace function xuqi.statement_odd_new(in_account_id bigint) returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    return exists (
        select from statement_odd as o
          left join statement_staged as s on s.place = o.place
          left join statement_line as k on k.id = o.line_id
         where o.class <> 'known'
           and not exists (select from statement_change as c
                            where c.collecting_account_id = in_account_id and c.reason = o.class
                              and coalesce(c.line_id, 0) = coalesce(o.line_id, 0)
                              and c.fingerprint = coalesce(s.fingerprint, k.fingerprint)
                              and (c.state = 'open' or c.reason <> 'missing')));
end
$$;
