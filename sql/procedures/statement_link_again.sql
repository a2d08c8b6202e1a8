-- SPDX-License-Identifier: Apache-2.0
-- The pages of a run do not fit together (in_why): it begins anew with the first, three times; then it has failed, and the
-- next interval tries again. Outcomes: held (put off for some seconds), failed. Internal; the caller holds
-- statement_link_task's locks.
create or replace function xuqi.statement_link_again(in_id bigint, in_run_id bigint, in_why text) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    restarts_most constant bigint := 3;
    run statement_run;
begin
    select * into strict run from statement_run where id = in_run_id;
    delete from statement_upload where id = run.upload_id;
    delete from statement_run_seen where run_id = run.id;
    if run.restarts < restarts_most then
        update statement_run
           set restarts = restarts + 1, state = 'page', pages = 0, records = 0, rereads = 0, faults = 0, word = left(in_why, 200),
               upload_id = (select statement_open('link', c.account_no, l.bank || '.link', '', 'bank:' || l.bank)
                              from statement_link as l join collecting_account as c on c.id = l.collecting_account_id
                             where l.collecting_account_id = run.collecting_account_id)
         where id = run.id;
        perform payout_later(in_id, clock_timestamp() + make_interval(secs => 2 * (run.restarts + 1)), in_why);
        return 'held';
    end if;
    update statement_run set state = 'failed', word = left(in_why, 200), ended_at = now() where id = run.id;
    perform statement_link_over(in_id, 'failed: ' || in_why);
    insert into audit_event (actor, action, object, detail)
    values ('jobs', 'statement.link_failed', 'statement_run:' || run.id, left(in_why, 200));
    return 'failed';
end
$$;
