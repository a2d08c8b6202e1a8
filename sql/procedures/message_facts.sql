-- SPDX-License-Identifier: Apache-2.0
-- What message templates need of these renewals: one row for each, in order; known is false where there is none. Personal
-- data as corrected last. returned: a line per item of the last return, its name, a space, and the reason as the applicant
-- reads it. Reads only.
create or replace function xuqi.message_facts(in_renewal_nos text[])
returns table (known boolean, agent_name_masked text, agent_mobile_masked text, agent_email_masked text, organisation text,
               platform text, amount_fen bigint, not_after timestamptz, rejection_text text, personal_sealed bytea,
               evidence_sha256 bytea, returned text)
language plpgsql stable rows 16 security definer set search_path = xuqi, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column

begin
    return query
    select r.renewal_no is not null, p.agent_name_masked, p.agent_mobile_masked, p.agent_email_masked, r.organisation,
           r.platform, r.amount_fen, r.not_after, r.rejection_text, p.personal_sealed, p.evidence_sha256,
           (select string_agg(i.name || ' ' || i.reason_text, E'\n' order by i.name collate "C")
              from return_item as i where i.renewal_no = r.renewal_no and i.round = r.returns)
      from unnest(in_renewal_nos) with ordinality as asked (renewal_no, place)
      left join lateral (select * from renewal as one where one.renewal_no = asked.renewal_no limit 1) as r on true
      left join lateral renewal_personal(r.renewal_no) as p on true
     order by asked.place;
end
$$;
