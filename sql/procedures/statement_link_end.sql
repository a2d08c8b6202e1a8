-- SPDX-License-Identifier: Apache-2.0
-- All pages of a run are there. Its movements must lead on, and to the bank's balance (null: its days were over before it
-- began); then they are taken over as a file's are. Where the balance says more, something came meanwhile or a page was cut
-- short: what follows is asked for, five times, then all of it again. Internal; the caller holds statement_link_task's locks.
-- Outcomes: done, failed, held.
create or replace function xuqi.statement_link_end(
    in_id bigint, in_run_id bigint, in_balance_fen bigint, out outcome text, out said text)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    rereads_most constant bigint := 5;
    run     statement_run;
    link    statement_link;
    chain   record;
    taken   record;
    covered date;
begin
    select * into strict run from statement_run where id = in_run_id;
    select * into strict link from statement_link where collecting_account_id = run.collecting_account_id;
    select * into chain from statement_link_chain(run.upload_id, in_balance_fen);
    said := case when not exists (select from statement_upload where id = run.upload_id)
                 then 'what was read is forgotten' -- a run of more than a day
                 when chain.broken then 'the balances do not lead on'
                 when coalesce(chain.closing_fen, link.balance_fen) <> in_balance_fen
                 then 'movements do not lead to the balance' end;
    if said like '%the balance' and run.rereads < rereads_most then
        update statement_run set state = 'page', rereads = rereads + 1, word = said where id = run.id;
        perform payout_later(in_id, clock_timestamp() + interval '2 seconds' * run.rereads, said);
        outcome := 'held';
        return;
    elsif said is not null then
        outcome := statement_link_again(in_id, run.id, said);
        return;
    end if;
    covered := least(run.last_day, beijing(run.begun_at)::date - 1); -- today goes on
    select * into taken from statement_take(
        run.upload_id, 'bank:' || link.bank, true, case when covered >= run.first_day then run.first_day end,
        case when covered >= run.first_day then covered end, chain.opening_fen, chain.closing_fen, null);
    delete from statement_upload where id = run.upload_id; -- of an account that nothing moved on
    delete from statement_run_seen where run_id = run.id;
    said := format('%s movements, new %s, known %s, raised %s', run.records, coalesce(taken.lines_new, 0),
                   coalesce(taken.lines_known, 0),
                   coalesce(taken.lines_changed + taken.lines_missing + taken.lines_unexpected, 0))
            || case when taken.previous_last_on >= run.first_day - 10
                         and taken.previous_closing_fen <> chain.opening_fen
                    then format('; %s fen apart from the statement that ends on %s',
                                chain.opening_fen - taken.previous_closing_fen, taken.previous_last_on) else '' end;
    update statement_run set state = 'done', ended_at = now(), word = said, import_id = taken.import_id where id = run.id;
    update statement_link set success_at = now(), read_to = run.last_day, balance_fen = in_balance_fen
     where collecting_account_id = run.collecting_account_id;
    perform statement_link_over(in_id, said);
    said := case when taken.import_id is not null then said end; -- what is not worth a line of the log
    outcome := 'done';
end
$$;
