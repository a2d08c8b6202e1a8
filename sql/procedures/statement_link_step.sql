-- SPDX-License-Identifier: Apache-2.0
-- What a run asks the bank for next, with the call taken out of the hour's: a quarter of those stays for payments. The lease
-- goes on for in_lease_s. Outcomes: page, balance; held (the hour's are used up: in a minute; or others had better have their
-- turn: the row was put off, with nothing lost). Internal; the caller holds statement_link_task's locks.
create or replace function xuqi.statement_link_step(
    in_id bigint, in_run_id bigint, in_per_hour bigint, in_lease_s bigint,
    out outcome text, out first_record bigint, out first_day text, out last_day text)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    calls_of_a_turn constant bigint := 50; -- then memory is given back
    today date := beijing(now())::date;
    run   statement_run;
begin
    -- Begun yesterday, to read as far as there is: the balance is today's by now.
    update statement_run set last_day = today
     where id = in_run_id and last_day = beijing(begun_at)::date and last_day < today;
    select * into strict run from statement_run where id = in_run_id;
    outcome := case when run.calls > 0 and run.calls % calls_of_a_turn = 0 and run.faults = 0
                         and run.word <> 'turn' then 'turn'
                    when not bank_quota_take('query', greatest(1, in_per_hour * 3 / 4)) then 'hour'
                    else run.state end;
    if outcome in ('turn', 'hour') then
        update statement_run set word = outcome where id = in_run_id;
        perform payout_later(in_id, case outcome when 'hour' then clock_timestamp() + interval '1 minute' else now() end,
                             outcome);
        outcome := 'held';
        return;
    end if;
    update statement_run set calls = calls + 1, word = '' where id = in_run_id;
    update outbox set lease_until = clock_timestamp() + make_interval(secs => in_lease_s), attempts = 1 where id = in_id;
    first_record := run.records + 1;
    first_day := to_char(run.first_day, 'YYYYMMDD');
    last_day := to_char(run.last_day, 'YYYYMMDD');
end
$$;
