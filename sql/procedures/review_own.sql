-- SPDX-License-Identifier: Apache-2.0
-- Is this member of staff the agent of the renewal, as applied or as corrected? Known of those whose number or mobile
-- was noted (staff_person_put). Internal.
create or replace function xuqi.review_own(in_renewal_no text, in_staff_id bigint) returns boolean
language sql stable set search_path = xuqi, pg_temp as $$
    select exists (
        select from staff as person,
               (select agent_id_index, agent_mobile_index from renewal_content where renewal_no = in_renewal_no
                union all
                select agent_id_index, agent_mobile_index from correction where renewal_no = in_renewal_no) as agent
         where person.id = in_staff_id and person.person_sealed is not null
           and (agent.agent_id_index = person.person_id_index or agent.agent_mobile_index = person.person_mobile_index))
$$;
