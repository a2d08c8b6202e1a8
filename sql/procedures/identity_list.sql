-- SPDX-License-Identifier: Apache-2.0
-- Every check of a renewal that has a verdict, for the reviewer: what was asked of whom about which person (masked), what
-- came of it, when, and whether the agent is still that person. Reads only.
create or replace function xuqi.identity_list(in_renewal_no text)
returns table (kind text, provider text, result text, reason text, similarity bigint, reference text, asked_at timestamptz,
               decided_at timestamptz, stands boolean, agent_name_masked text, agent_id_masked text,
               agent_mobile_masked text)
language plpgsql stable rows 4 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select c.kind, c.provider, c.state, c.reason, c.similarity, c.reference, c.asked_at, c.decided_at,
           c.person = identity_person(in_renewal_no), coalesce(o.agent_name_masked, n.agent_name_masked),
           coalesce(o.agent_id_masked, n.agent_id_masked), coalesce(o.agent_mobile_masked, n.agent_mobile_masked)
      from identity_check as c
      join renewal_content as n on n.renewal_no = c.renewal_no
      left join correction as o on o.renewal_no = c.renewal_no and o.number = c.person
     where c.renewal_no = in_renewal_no and c.state in ('passed', 'failed', 'manual')
     order by c.id;
end
$$;
