-- SPDX-License-Identifier: Apache-2.0
-- What /metrics says of the database. Reads small tables and the last day's end of the large ones. Reads only.
create or replace function xuqi.metrics_get() returns table (metric text, labels text, value bigint)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select 'outbox_rows', format('topic="%s",state="%s"', topic, state), count(*)
      from outbox group by topic, state
    union all
    select 'outbox_oldest_seconds', format('topic="%s"', topic), max(extract(epoch from now() - run_at))::bigint
      from outbox where state <> 'dead' and run_at <= now() group by topic
    union all
    select 'payments_of_the_day', format('rail="%s",state="%s"', gateway, state), count(*)
      from payment_attempt where created_at > now() - interval '1 day' group by gateway, state
    union all
    select 'payments_unknown', format('rail="%s"', gateway), count(*)
      from payment_attempt where state = 'unknown' group by gateway
    union all
    select 'issuances_of_the_day', format('state="%s"', state), count(*)
      from issuance where intended_at > now() - interval '1 day' group by state
    union all
    select 'differences', format('rail="%s",class="%s",action="%s"', rail, class, action), count(*)
      from match_difference where state in ('waiting', 'open') group by rail, class, action
    union all
    select 'review_cases', 'state="returned"', count(*) from renewal where status = 'returned'
    union all
    select 'review_cases', format('state="%s"', case when held_until > now() then 'held'
                                                     when claimed_until > now() then 'claimed'
                                                     when reviews_done > 0 then 'second' else 'waiting' end), count(*)
      from renewal where status = 'awaiting_review' group by 2
    union all
    select 'review_overdue', '', count(*) from renewal where status = 'awaiting_review' and review_due < now()
    union all
    select 'review_oldest_seconds', '', coalesce(max(extract(epoch from now() - review_since)), 0)::bigint
      from renewal where status = 'awaiting_review'
    union all
    select 'review_samples_open', '', count(*) from review_sample where looked_at is null
    union all
    select 'review_mistakes_open', '', count(*) from review_mistake where closed_at is null
    union all
    select 'review_mistake_oldest_days', '', coalesce(max(extract(day from now() - opened_at)), 0)::bigint from review_mistake where closed_at is null
    union all
    select 'review_revocations_asked', '', count(*)
      from review_mistake as m join certificate as c on c.renewal_no = m.renewal_no and c.revoked_at is null where m.closed_at is null
    union all
    select 'review_passes_stopped', format('platform="%s"', platform), 1 from review_pass_stop where ended_at is null
    union all
    select 'reviews_of_the_day', format('reviewer="%s",decision="%s"', coalesce(s.name, 'server'), d.kind), count(*)
      from review_step as d left join staff as s on s.id = d.staff_id
     where d.kind in ('approve', 'return', 'reject', 'pass') and d.at > now() - interval '1 day' group by s.name, d.kind
    union all
    select 'review_promises_of_the_day', format('kept="%s"', case when at <= due_at then 'yes' else 'no' end), count(*)
      from review_step
     where kind in ('approve', 'return', 'reject') and at > now() - interval '1 day' and due_at is not null group by 2
    union all
    select 'review_median_seconds_of_the_day', format('step="%s"', step.name),
           percentile_disc(0.5) within group (order by step.seconds)::bigint
      from review_step as d,
           lateral (values ('claim', extract(epoch from d.claimed_at - d.waited_from)),
                           ('decide', extract(epoch from d.at - d.claimed_at))) as step (name, seconds)
     where d.kind in ('approve', 'return', 'reject') and d.at > now() - interval '1 day' and d.claimed_at is not null
     group by step.name
    union all
    select 'calendar_days_left', '', coalesce(max(make_date(year::integer, 12, 31)) - beijing(now())::date, 0)
      from calendar_year
    union all
    select name, '', value
      from (select count(*) as waiting, extract(epoch from clock_timestamp() - min(e.at)) as oldest_s
              from audit_tree as t join audit_event as e on e.xid >= t.xid_from
             where (select l.leaf_index from audit_leaf as l where l.event_id = e.id) is null) as unsealed,
           (select t.size as leaves, coalesce(c.size, 0) as signed_leaves, extract(epoch from now() - c.signed_at) as age_s,
                   case when t.size > coalesce(c.size, 0)
                        then extract(epoch from now() - (select sealed_at from audit_leaf where leaf_index = coalesce(c.size, 0))) end as behind_s
              from audit_tree as t
              left join (select * from audit_checkpoint order by size desc limit 1) as c on true) as head,
           lateral (values ('audit_unsealed', waiting), ('audit_sealing_lag_seconds', coalesce(oldest_s, 0)::bigint),
                           ('audit_leaves', leaves), ('audit_signed_leaves', signed_leaves),
                           ('audit_signing_lag_seconds', coalesce(behind_s, 0)::bigint),
                           ('audit_checkpoint_age_seconds', age_s::bigint)) as figure (name, value)
     where value is not null
    union all
    select 'rail_paused', format('rail="%s"', rail), (breaker <> 'closed')::int from rail
    union all
    select 'statement_link_lag_seconds', format('account="%s"', c.account_no),
           extract(epoch from now() - coalesce(l.success_at, l.since))::bigint
      from statement_link as l join collecting_account as c on c.id = l.collecting_account_id
    union all
    select 'statement_link_success_time_seconds', format('account="%s"', c.account_no),
           coalesce(extract(epoch from l.success_at)::bigint, 0)
      from statement_link as l join collecting_account as c on c.id = l.collecting_account_id
    union all
    select 'statement_link_behind', format('account="%s"', c.account_no),
           (now() - coalesce(l.success_at, l.since) > make_interval(secs => 3 * l.interval_s))::int
      from statement_link as l join collecting_account as c on c.id = l.collecting_account_id
    union all
    select 'statement_changes_open', format('reason="%s"', reason), count(*)
      from statement_change where state = 'open' group by reason
    order by 1, 2
$$;
