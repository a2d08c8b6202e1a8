-- SPDX-License-Identifier: Apache-2.0
-- The bank did not answer a run's question, or with something else: the same question again, later each time, at most five
-- minutes. Nothing that was read is lost; after ten in a row the pages are read anew. Only whoever holds the row's current
-- token may say so. Outcomes: held, failed, stale. faults: how many in a row by now.
create or replace function xuqi.statement_link_fault(
    in_id bigint, in_lease_token bigint, in_run_id bigint, in_said text,
    out outcome text, out faults bigint, out lag_s bigint, out behind boolean)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    faults_most constant bigint := 10;
    run  statement_run := statement_link_task(in_id, in_lease_token, in_run_id);
    link statement_link;
begin
    if run.id is null then
        outcome := 'stale';
        return;
    end if;
    select * into strict link from statement_link where collecting_account_id = run.collecting_account_id;
    faults := run.faults + 1;
    lag_s := extract(epoch from now() - coalesce(link.success_at, link.since))::bigint;
    behind := lag_s > 3 * link.interval_s;
    if faults >= faults_most and run.records > 0 then
        outcome := statement_link_again(in_id, run.id, in_said);
        return;
    end if;
    update statement_run set faults = statement_link_fault.faults, word = left(in_said, 200) where id = run.id;
    perform payout_later(in_id, clock_timestamp() + least(interval '1 second' * power(2, least(faults, 20)), interval '5 minutes'),
                         in_said);
    outcome := 'held';
end
$$;
