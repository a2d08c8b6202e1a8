-- SPDX-License-Identifier: Apache-2.0
-- How the platforms whose clean cases pass without a person do: what is sampled, how the last samples were, the stop that is
-- open (stop 0: none), when it was last resumed by whom and why, and resume: '' or the code of why the caller may not. For reviewers and
-- auditors. One row with outcome unauthenticated, forbidden or empty, or rows with outcome ok. Reads only.
create or replace function xuqi.pass_list(in_token_digest bytea)
returns table (outcome text, platform text, sample_permyriad bigint, sample_last bigint, wrong_permyriad bigint, looked bigint, wrong bigint,
               samples_open bigint, mistakes_open bigint, stop bigint, stopped_at timestamptz, stop_wrong bigint,
               stop_looked bigint, resumed_by text, resumed_at timestamptz, resumed_why text, resume text)
language plpgsql stable rows 10 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    senior boolean;
begin
    select * into caller from session_of(in_token_digest, array['reviewer', 'senior_reviewer', 'auditor']);
    outcome := caller.outcome;
    if outcome = 'ok' then
        senior := (select 'senior_reviewer' = any (roles) from staff where id = caller.staff_id);
        return query
        select 'ok'::text, rule.platform, rule.sample_permyriad, rule.sample_last, rule.wrong_permyriad, s.looked, s.wrong,
               drawn.count,
               m.count, coalesce(p.id, 0), p.stopped_at, coalesce(p.wrong, 0), coalesce(p.looked, 0),
               person.display_name, last.ended_at, last.reason,
               case when p.id is null then 'pass_running' when not senior then 'senior_only'
                    when m.count > 0 then 'mistakes_open' else '' end
          from (select distinct on (r.platform) r.* from review_rule as r order by r.platform, r.id desc) as rule
          cross join lateral pass_samples(rule.platform, rule.sample_last) as s
          cross join lateral (select count(*) from review_mistake as o
                               where o.platform = rule.platform and o.closed_at is null) as m
          cross join lateral (select count(*) from review_sample as d join renewal as r on r.renewal_no = d.renewal_no
                               where d.looked_at is null and r.platform = rule.platform) as drawn
          left join review_pass_stop as p on p.platform = rule.platform and p.ended_at is null
          left join lateral (select * from review_pass_stop as e where e.platform = rule.platform and e.ended_at is not null
                              order by e.ended_at desc limit 1) as last on true
          left join staff as person on person.id = last.ended_by
         where staff_may(caller.platforms, rule.platform)
           and (rule.sample_permyriad > 0 or drawn.count > 0 or m.count > 0 or p.id is not null)
         order by p.id is null, rule.platform;
        outcome := case when not found then 'empty' end;
    end if;
    if outcome is not null then
        return next;
    end if;
end
$$;
