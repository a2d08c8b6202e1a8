-- SPDX-License-Identifier: Apache-2.0
-- How the desk did from one day to another (Beijing's, both included): one row for each reviewer who decided, and one of the
-- whole desk (name ''). Times in seconds: from when a case began to wait to its claim, and from the claim to the decision;
-- median and the slowest tenth. A promise was kept when the decision came by then; cases without one are not counted.
-- Reviewers are shown themselves and the desk; senior reviewers, auditors and administrators everybody. Reads only.
-- One row with outcome unauthenticated or forbidden, or rows with outcome ok.
create or replace function xuqi.review_figures(in_token_digest bytea, in_from text, in_to text)
returns table (outcome text, name text, display_name text, approved bigint, returned bigint, rejected bigint,
               claim_median_s bigint, claim_p90_s bigint, decide_median_s bigint, decide_p90_s bigint, promised bigint,
               kept bigint, passed bigint, sampled bigint, sampled_wrong bigint)
language plpgsql stable rows 20 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    person staff;
    begins timestamptz := in_from::date::timestamp at time zone 'Asia/Shanghai';
    ends   timestamptz := (in_to::date + 1)::timestamp at time zone 'Asia/Shanghai';
begin
    select * into person from session_staff(in_token_digest);
    outcome := case when person.id is null then 'unauthenticated'
                    when not person.roles && array['reviewer', 'senior_reviewer', 'auditor', 'administrator']
                    then 'forbidden' else 'ok' end;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    with decided as (
        select s.staff_id, s.kind, extract(epoch from s.claimed_at - s.waited_from)::bigint as claim_s,
               extract(epoch from s.at - s.claimed_at)::bigint as decide_s, s.due_at, s.at
          from review_step as s
         where s.kind in ('approve', 'return', 'reject', 'pass') and s.at >= begins and s.at < ends),
    looked as (
        select count(*) as all_of, count(*) filter (where verdict = 'wrong') as wrong
          from review_sample where looked_at >= begins and looked_at < ends)
    select 'ok'::text, coalesce(s.name, ''), coalesce(s.display_name, ''),
           count(*) filter (where d.kind = 'approve'), count(*) filter (where d.kind = 'return'),
           count(*) filter (where d.kind = 'reject'),
           percentile_disc(0.5) within group (order by d.claim_s), percentile_disc(0.9) within group (order by d.claim_s),
           percentile_disc(0.5) within group (order by d.decide_s), percentile_disc(0.9) within group (order by d.decide_s),
           count(*) filter (where d.kind <> 'pass' and d.due_at is not null),
           count(*) filter (where d.kind <> 'pass' and d.at <= d.due_at), count(*) filter (where d.kind = 'pass'),
           case when grouping(d.staff_id) = 1 then (select all_of from looked) else 0 end,
           case when grouping(d.staff_id) = 1 then (select wrong from looked) else 0 end
      from decided as d left join staff as s on s.id = d.staff_id
     group by grouping sets ((), (d.staff_id, s.name, s.display_name))
    having grouping(d.staff_id) = 1
        or d.staff_id is not null and (d.staff_id = person.id
                                       or person.roles && array['senior_reviewer', 'auditor', 'administrator'])
     order by 2;
end
$$;
