-- SPDX-License-Identifier: Apache-2.0
-- Counts the funnel anew when it was last counted more than in_every_s ago: of the renewals submitted in the last thirty days
-- (Beijing's), by the primary key, which begins with the day. Outcomes: counted, fresh. Safe to call again.
create or replace function xuqi.funnel_count(in_every_s bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    outcome := 'fresh';
    if exists (select from funnel where counted_at > now() - make_interval(secs => in_every_s))
       or not pg_try_advisory_xact_lock(hashtextextended('funnel', 0)) then
        return;
    end if;
    with counted as (
        select r.platform, count(*) as submitted, count(*) filter (where r.paid_at is not null) as paid,
               count(*) filter (where r.status in ('awaiting_account', 'awaiting_install', 'issued', 'completed')) as approved,
               count(*) filter (where r.status in ('issued', 'completed')) as issued,
               count(*) filter (where r.status = 'completed') as installed
          from renewal as r
         where r.renewal_no >= '01' || to_char(beijing(now()) - interval '29 days', 'YYYYMMDD')
         group by r.platform),
    gone as (
        delete from funnel as f where not exists (select from counted as c where c.platform = f.platform))
    insert into funnel (platform, submitted, paid, approved, issued, installed, counted_at)
    select c.platform, c.submitted, c.paid, c.approved, c.issued, c.installed, now() from counted as c
        on conflict (platform) do update set submitted = excluded.submitted, paid = excluded.paid, approved = excluded.approved,
           issued = excluded.issued, installed = excluded.installed, counted_at = excluded.counted_at;
    outcome := 'counted';
end
$$;
