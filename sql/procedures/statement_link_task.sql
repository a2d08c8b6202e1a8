-- SPDX-License-Identifier: Apache-2.0
-- Locks what belongs to a run: its account, its outbox row, itself. Raises nothing: a null id when the caller does not hold
-- the row's current token, or the run is over. Internal.
create or replace function xuqi.statement_link_task(in_id bigint, in_lease_token bigint, in_run_id bigint)
returns xuqi.statement_run
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    run statement_run;
begin
    perform from collecting_account
      where id = (select collecting_account_id from statement_run where id = in_run_id) for no key update;
    perform from outbox
      where id = in_id and lease_token = in_lease_token and state = 'leased' and event = in_run_id::text for update;
    if found then
        select * into run from statement_run
         where id = in_run_id and state in ('page', 'balance') for update;
    end if;
    return run;
end
$$;
