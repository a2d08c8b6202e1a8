-- SPDX-License-Identifier: Apache-2.0
-- The bank's word on an account's balance, once all pages of a run are there: see statement_link_end. Safe to call again.
-- Outcomes: done, failed, held (there is more to be read, soon), stale; said tells what came of it.
create or replace function xuqi.statement_link_balance(
    in_id bigint, in_lease_token bigint, in_run_id bigint, in_balance_fen bigint,
    out outcome text, out first_record bigint, out first_day text, out last_day text, out said text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    run statement_run := statement_link_task(in_id, in_lease_token, in_run_id);
begin
    outcome := 'stale';
    if run.state = 'balance' then
        select e.outcome, e.said into outcome, said from statement_link_end(in_id, run.id, in_balance_fen) as e;
    end if;
end
$$;
