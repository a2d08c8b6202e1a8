-- SPDX-License-Identifier: Apache-2.0
-- What a message template needs of a renewal; no row when there is none. Reads only.
create or replace function xuqi.message_facts(in_renewal_no text)
returns table (agent_name_masked text, agent_mobile_masked text, agent_email_masked text, organisation text,
               platform text, amount_fen bigint, not_after timestamptz, rejection_text text, personal_sealed bytea,
               evidence_sha256 bytea)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    return query
    select c.agent_name_masked, c.agent_mobile_masked, c.agent_email_masked, r.organisation, r.platform, r.amount_fen,
           r.not_after, r.rejection_text, c.personal_sealed, c.evidence_sha256
      from renewal as r join renewal_content as c on c.renewal_no = r.renewal_no
     where r.renewal_no = in_renewal_no;
end
$$;
