-- SPDX-License-Identifier: Apache-2.0
-- Keeps a page of a run's movements, from record in_first on, each under the bank's own number (in_numbers); in_full: as many
-- as the bank gives at once, so that there may be more. A page that was kept before changes nothing. Then what the run asks for
-- next; the last page of days that are over ends it. Safe to call again.
-- Outcomes: those of statement_link_step; done, failed (it is over, said tells how); stale.
create or replace function xuqi.statement_link_page(
    in_id bigint, in_lease_token bigint, in_run_id bigint, in_first bigint, in_full boolean, in_numbers text[],
    in_line_keys text[], in_days bigint[], in_times_us bigint[], in_movements_fen bigint[], in_balances_fen bigint[],
    in_payer_accounts text[], in_payer_names text[], in_payer_banks text[], in_remarks text[], in_bank_refs text[],
    in_kinds text[], in_reverses text[], in_per_hour bigint, in_lease_s bigint,
    out outcome text, out first_record bigint, out first_day text, out last_day text, out said text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    run   statement_run := statement_link_task(in_id, in_lease_token, in_run_id);
    size  bigint := coalesce(cardinality(in_numbers), 0);
    fresh bigint := 0;
begin
    if run.id is null then
        outcome := 'stale';
        return;
    end if;
    if run.state = 'page' and run.records + 1 = in_first then
        if exists (select from unnest(in_days) as d (day)
                    where date '1970-01-01' + d.day::integer not between run.first_day and run.last_day) then
            said := 'a movement of another day than was asked for';
        elsif size > 0 then
            insert into statement_run_seen (run_id, number) select run.id, n from unnest(in_numbers) as n
                on conflict do nothing;
            get diagnostics fresh = row_count;
            said := case when fresh < size then 'a movement came twice'
                         when (statement_append(run.upload_id, run.pages + 1,
                                   array(select generate_series(in_first, in_first + size - 1)), in_line_keys, in_days,
                                   in_times_us, in_movements_fen, in_balances_fen, in_payer_accounts, in_payer_names,
                                   in_payer_banks, in_remarks, in_bank_refs, in_kinds, in_reverses)) <> 'kept'
                         then 'what was read is forgotten' end;
        end if;
        if said is not null then
            outcome := statement_link_again(in_id, run.id, said);
            return;
        end if;
        update statement_run
           set pages = pages + (size > 0)::integer, records = records + size, faults = 0,
               state = case when in_full then 'page' else 'balance' end
         where id = run.id
        returning * into run;
    end if;
    if run.state = 'balance' and run.last_day < beijing(run.begun_at)::date then
        select e.outcome, e.said into outcome, said from statement_link_end(in_id, run.id, null) as e;
        return;
    end if;
    select s.outcome, s.first_record, s.first_day, s.last_day into outcome, first_record, first_day, last_day
      from statement_link_step(in_id, run.id, in_per_hour, in_lease_s) as s;
end
$$;
