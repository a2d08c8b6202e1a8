-- SPDX-License-Identifier: Apache-2.0
-- Begins to read an account through the bank's link, unless a run is under way or the last one began less than in_interval_s
-- ago. A run reads whole days: today's only, or, the first of a day, the last in_back_days as well, so that what the bank has
-- changed afterwards is seen; after a longer pause from the last day that was read on, in_days_most at a time. A run whose
-- worker vanished is taken up again. Safe to call at any time, from several processes.
-- Outcomes: begun, under_way, not_due, collecting_account_unknown. lag_s: since it was last read to the end; behind: that
-- is more than three intervals.
create or replace function xuqi.statement_link_due(
    in_bank text, in_account_no text, in_interval_s bigint, in_back_days bigint,
    out outcome text, out lag_s bigint, out behind boolean)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    days_most constant integer := 31; -- of one run: banks answer for three months at most
    today date := beijing(now())::date;
    ours  collecting_account;
    link  statement_link;
    last  statement_run;
    first date;
    made  bigint;
begin
    select * into ours from collecting_account where account_no = in_account_no for no key update;
    if ours.id is null then
        outcome := 'collecting_account_unknown';
        return;
    end if;
    insert into statement_link as l (collecting_account_id, bank, interval_s) values (ours.id, in_bank, in_interval_s)
        on conflict (collecting_account_id) do update set bank = excluded.bank, interval_s = excluded.interval_s
    returning * into link;
    lag_s := extract(epoch from now() - coalesce(link.success_at, link.since))::bigint;
    behind := lag_s > 3 * in_interval_s;
    select * into last from statement_run where collecting_account_id = ours.id order by id desc limit 1;
    outcome := case when last.state in ('page', 'balance') then 'under_way'
                    when last.begun_at > now() - make_interval(secs => in_interval_s)
                         and (last.state = 'failed' or last.last_day >= beijing(last.begun_at)::date) then 'not_due'
                    else 'begun' end;
    if outcome = 'under_way' then
        update outbox set state = 'ready', lease_until = null, attempts = 0, run_at = now()
         where topic = 'statement_link' and event = last.id::text
           and (state = 'dead' or (attempts >= max_attempts and coalesce(lease_until, now()) <= now()));
    end if;
    if outcome <> 'begun' then
        return;
    end if;
    first := case when link.read_to is null then today - in_back_days::integer
                  when link.read_to = today then today
                  else link.read_to - in_back_days::integer end;
    insert into statement_run (collecting_account_id, first_day, last_day, upload_id)
    values (ours.id, first, least(today, first + days_most - 1),
            statement_open('link', in_account_no, in_bank || '.link', '', 'bank:' || in_bank))
    returning id into made;
    perform enqueue('statement_link', made::text, '');
    delete from statement_run where collecting_account_id = ours.id and import_id is null
                                and ended_at < now() - interval '30 days';
end
$$;
