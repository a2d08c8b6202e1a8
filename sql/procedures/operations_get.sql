-- SPDX-License-Identifier: Apache-2.0
-- How the installation does, one figure a row: area, whose figure (a topic, a rail, an account of ours, a platform), its name, its
-- value, the time that belongs to it, and how good that is: good, watch, bad, stale (older than its own period), or '' where it is
-- only a number. For senior reviewers, finance, auditors and administrators; the funnel of the platforms that their rights reach.
-- Nothing of a person. Cheap at ten million renewals: what metrics_get counts, partial indexes of what is open, the last row of
-- a primary key, the outbox, which is tiny; the funnel is counted by jobs now and then (funnel_count).
-- Outcomes: ok in every row, or one row: unauthenticated, forbidden. Reads only.
create or replace function xuqi.operations_get(in_token_digest bytea)
returns table (outcome text, area text, name text, figure text, value bigint, at timestamptz, level text, detail text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_of(in_token_digest, array['senior_reviewer', 'finance', 'auditor', 'administrator']);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    with m as materialized (select * from metrics_get()),
    topics as (
        select topic, count(*) filter (where state = 'ready' and run_at <= now()) as ready,
               count(*) filter (where state = 'ready' and run_at > now()) as later, count(*) filter (where state = 'leased') as leased,
               count(*) filter (where state = 'dead') as dead, min(run_at) filter (where state <> 'dead' and run_at <= now()) as oldest
          from outbox group by topic),
    outbox_figures as (
        select topic, f.* from topics,
               lateral (values ('ready', ready, null::timestamptz, ''), ('later', later, null, ''), ('leased', leased, null, ''),
                               ('dead', dead, null, case when dead > 0 then 'bad' else 'good' end),
                               ('oldest_s', coalesce(extract(epoch from now() - oldest)::bigint, 0), oldest,
                                case when oldest < now() - interval '5 minutes' then 'bad'
                                     when oldest < now() - interval '1 minute' then 'watch' else 'good' end))
               as f (figure, value, at, level)),
    waiting as (
        select * from (values
            ('admin', (select count(*) from admin_request where state = 'asked' and expires_at > now()),
                      (select min(asked_at) from admin_request where state = 'asked' and expires_at > now())),
            ('finance', (select count(*) from finance_request where state = 'asked'),
                        (select min(asked_at) from finance_request where state = 'asked')),
            ('refund', (select count(*) from refund where state = 'asked'), (select min(asked_at) from refund where state = 'asked')),
            ('reversal', (select count(*) from reversal where state = 'asked'), (select min(asked_at) from reversal where state = 'asked')))
        as w (kind, count, oldest)),
    list as (select * from crl order by number desc limit 1),
    funnel_figures as (
        select platform, f.*, counted_at from funnel,
               lateral (values ('submitted', submitted), ('paid', paid), ('approved', approved), ('issued', issued), ('installed', installed))
               as f (figure, value)
         where staff_may(caller.platforms, platform))
    select 'ok'::text, a.* from (
        select 'outbox', topic, figure, value, at, level, '' from outbox_figures
        union all
        select 'issuer', '', 'halted', count(h.id), max(h.halted_at), case when count(h.id) > 0 then 'bad' else 'good' end, coalesce(max(h.reason), '')
          from halt as h where h.released_at is null
        union all
        select 'issuer', '', 'lease', l.fence, case when isfinite(l.until) then l.until end, case when l.until > now() then 'good' else 'bad' end, l.holder
          from issuer_lease as l
        union all
        select 'issuer', '', 'last_signature', i.id, i.ended_at, '', ''
          from (select * from issuance where state = 'signed' order by id desc limit 1) as i
        union all
        select 'crl', '', 'next_update', number, next_update,
               case when next_update <= now() then 'bad'
                    when now() > this_update + 0.9 * (next_update - this_update) then 'watch' else 'good' end, '' from list
        union all
        select 'rail', rail, 'breaker', case breaker when 'closed' then 0 when 'half_open' then 1 else 2 end, since,
               case breaker when 'closed' then 'good' when 'half_open' then 'watch' else 'bad' end, reason from rail
        union all
        select 'bank', c.account_no, 'link_read', l.interval_s, l.success_at,
               case when now() - coalesce(l.success_at, l.since) > make_interval(secs => 3 * l.interval_s) then 'stale' else 'good' end, c.bank
          from statement_link as l join collecting_account as c on c.id = l.collecting_account_id
        union all
        select 'bank', '', 'payouts_open', count(*), min(sent_at),
               case when min(sent_at) < now() - interval '1 day' then 'bad' when min(sent_at) < now() - interval '1 hour' then 'watch' else 'good' end, ''
          from payout where state = 'sent'
        union all
        select 'requests', kind, 'waiting', count, oldest, case when oldest < now() - interval '1 day' then 'watch' else 'good' end, '' from waiting
        union all
        select 'refunds', state, 'open', count(*), min(asked_at), case when state = 'unknown' then 'watch' else '' end, ''
          from refund where state not in ('done', 'failed', 'refused') group by state
        union all
        select 'funnel', platform, figure, value, counted_at,
               case when counted_at < now() - interval '15 minutes' then 'stale' else '' end, '' from funnel_figures
        union all
        select case split_part(metric, '_', 1) when 'payments' then 'payments' when 'issuances' then 'issuances' when 'reviews' then 'reviews'
                    when 'statement' then 'bank' else split_part(metric, '_', 1) end,
               concat_ws(' ', substring(labels from 'rail="([^"]*)"'), substring(labels from '(?:class|state|reason|kept|step)="([^"]*)"')),
               metric, value, null,
               case metric when 'payments_unknown' then case when value > 0 then 'watch' else 'good' end
                           when 'review_overdue' then case when value > 0 then 'bad' else 'good' end
                           when 'audit_sealing_lag_seconds' then case when value > 60 then 'bad' else 'good' end
                           when 'audit_signing_lag_seconds' then case when value > 60 then 'bad' else 'good' end
                           when 'calendar_days_left' then case when value < 0 then 'bad' when value < 45 then 'watch' else 'good' end
                           when 'differences' then 'watch' else '' end, ''
          from m
         where metric in ('payments_of_the_day', 'payments_unknown', 'issuances_of_the_day', 'review_cases', 'review_overdue',
                          'review_oldest_seconds', 'review_samples_open', 'review_median_seconds_of_the_day',
                          'review_promises_of_the_day', 'differences', 'audit_unsealed', 'audit_sealing_lag_seconds', 'audit_leaves',
                          'audit_signed_leaves', 'audit_signing_lag_seconds', 'audit_checkpoint_age_seconds', 'calendar_days_left',
                          'statement_changes_open')
    ) as a (area, name, figure, value, at, level, detail)
    order by 2, 3, 4;
end
$$;
