-- SPDX-License-Identifier: Apache-2.0
-- Every check of a renewal that has a verdict, for the reviewer: what was asked of whom, what came of it, and when. Reads only.
create or replace function xuqi.identity_list(in_renewal_no text)
returns table (kind text, provider text, result text, reason text, similarity bigint, reference text, asked_at timestamptz,
               decided_at timestamptz)
language plpgsql stable rows 4 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select c.kind, c.provider, c.state, c.reason, c.similarity, c.reference, c.asked_at, c.decided_at
      from identity_check as c
     where c.renewal_no = in_renewal_no and c.state in ('passed', 'failed', 'manual')
     order by c.id;
end
$$;
