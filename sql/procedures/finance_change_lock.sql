-- SPDX-License-Identifier: Apache-2.0
-- Locks what a raised line is about: the account, since its imports decide by what is there, what was raised, the line.
-- Internal; nothing where there is none.
create or replace function xuqi.finance_change_lock(in_change_id bigint) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    perform from collecting_account
      where id = (select collecting_account_id from statement_change where id = in_change_id) for no key update;
    perform from statement_change where id = in_change_id for update;
    perform from statement_line where id = (select line_id from statement_change where id = in_change_id) for update;
end
$$;
