-- SPDX-License-Identifier: Apache-2.0
-- A worker has leased a run: what it asks the bank for, from where the run stands. Safe to call again.
-- Outcomes: those of statement_link_step, stale (somebody else holds it, or it is over).
create or replace function xuqi.statement_link_begin(
    in_id bigint, in_lease_token bigint, in_run_id bigint, in_per_hour bigint, in_lease_s bigint,
    out outcome text, out first_record bigint, out first_day text, out last_day text, out said text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    run statement_run := statement_link_task(in_id, in_lease_token, in_run_id);
begin
    outcome := 'stale';
    if run.id is not null then
        select s.outcome, s.first_record, s.first_day, s.last_day into outcome, first_record, first_day, last_day
          from statement_link_step(in_id, in_run_id, in_per_hour, in_lease_s) as s;
    end if;
end
$$;
