-- SPDX-License-Identifier: Apache-2.0
-- What passed without a person and was judged wrong: open ones, the oldest first, or closed ones, the last first. stopped: nothing of
-- its platform passes any more. revocation: none (no certificate), asked, done. For reviewers and auditors. One row with outcome
-- unauthenticated, forbidden or empty, or rows with outcome ok. Reads only.
create or replace function xuqi.mistake_list(in_token_digest bytea, in_state text, in_most bigint)
returns table (outcome text, renewal_no text, platform text, organisation text, note text, looked_by text, opened_at timestamptz,
               age_days bigint, owner text, serial text, revocation text, stopped boolean, closed_by text,
               closed_at timestamptz, reason text, version bigint)
language plpgsql stable rows 50 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_of(in_token_digest, array['reviewer', 'senior_reviewer', 'auditor']);
    outcome := caller.outcome;
    if outcome = 'ok' then
        return query
        select 'ok'::text, m.renewal_no, m.platform, r.organisation, d.note, looker.display_name, m.opened_at,
               extract(day from coalesce(m.closed_at, now()) - m.opened_at)::bigint, holder.name, coalesce(c.serial, ''),
               case when c.serial is null then 'none' when c.revoked_at is null then 'asked' else 'done' end,
               exists (select from review_pass_stop as p where p.platform = m.platform and p.ended_at is null),
               closer.display_name, m.closed_at, m.reason, m.version
          from review_mistake as m
          join renewal as r on r.renewal_no = m.renewal_no
          join review_sample as d on d.renewal_no = m.renewal_no
          join staff as looker on looker.id = d.looked_by
          left join staff as holder on holder.id = m.owner_id
          left join staff as closer on closer.id = m.closed_by
          left join lateral (select * from certificate as known where known.renewal_no = m.renewal_no
                              order by known.revoked_at nulls first, known.serial limit 1) as c on true
         where (m.closed_at is null) = (in_state = 'open') and staff_may(caller.platforms, m.platform)
         order by case when in_state = 'open' then m.opened_at end, m.closed_at desc, m.renewal_no limit in_most;
        outcome := case when not found then 'empty' end;
    end if;
    if outcome is not null then
        return next;
    end if;
end
$$;
