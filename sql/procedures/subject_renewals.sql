-- SPDX-License-Identifier: Apache-2.0
-- The renewals in which a natural person appears, by blind indexes in hex (one for each key in use), and as what. Internal.
create or replace function xuqi.subject_renewals(in_indexes text[])
returns table (renewal_no text, as_agent boolean, as_recipient boolean, as_legal_person boolean)
language sql stable set search_path = xuqi, pg_temp as $$
    with wanted as (select array_agg(decode(it, 'hex')) as indexes from unnest(in_indexes) as it)
    select c.renewal_no,
           bool_or(coalesce(c.agent_id_index = any (indexes) or c.agent_mobile_index = any (indexes), false)),
           bool_or(coalesce(c.recipient_mobile_index = any (indexes), false)),
           bool_or(coalesce(c.legal_person_id_index = any (indexes), false))
      from wanted,
           lateral (select renewal_no, agent_id_index, agent_mobile_index, recipient_mobile_index, legal_person_id_index
                      from renewal_content
                     where agent_id_index = any (indexes) or agent_mobile_index = any (indexes)
                        or recipient_mobile_index = any (indexes) or legal_person_id_index = any (indexes)
                     union all
                    select renewal_no, agent_id_index, agent_mobile_index, recipient_mobile_index, legal_person_id_index
                      from correction
                     where agent_id_index = any (indexes) or agent_mobile_index = any (indexes)
                        or recipient_mobile_index = any (indexes) or legal_person_id_index = any (indexes)) as c
     group by c.renewal_no
     order by c.renewal_no
$$;
