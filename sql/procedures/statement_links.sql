-- SPDX-License-Identifier: Apache-2.0
-- The accounts that are read through a bank's link, and how that stands. Reads only.
create or replace function xuqi.statement_links()
returns table (account_no text, bank text, interval_s bigint, success_at timestamptz, read_to text, balance_fen bigint,
               lag_s bigint, behind boolean, run_id bigint, run_state text, run_first text, run_last text, records bigint,
               faults bigint, restarts bigint, word text, begun_at timestamptz)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select c.account_no, l.bank, l.interval_s, l.success_at, coalesce(l.read_to::text, ''), l.balance_fen,
           extract(epoch from now() - coalesce(l.success_at, l.since))::bigint,
           now() - coalesce(l.success_at, l.since) > make_interval(secs => 3 * l.interval_s),
           r.id, r.state, r.first_day::text, r.last_day::text, r.records, r.faults, r.restarts, r.word, r.begun_at
      from statement_link as l
      join collecting_account as c on c.id = l.collecting_account_id
      left join lateral (select * from statement_run as r where r.collecting_account_id = l.collecting_account_id
                          order by r.id desc limit 1) as r on true
     order by c.account_no
$$;
