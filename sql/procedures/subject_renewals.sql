-- SPDX-License-Identifier: Apache-2.0
-- The renewals in which a natural person appears, by blind indexes in hex (one for each key in use), and as what. Internal.
create or replace function xuqi.subject_renewals(in_indexes text[])
returns table (renewal_no text, as_agent boolean, as_recipient boolean)
language sql stable set search_path = xuqi, pg_temp as $$
    with wanted as (select array_agg(decode(it, 'hex')) as indexes from unnest(in_indexes) as it)
    select c.renewal_no, coalesce(c.agent_id_index = any (indexes) or c.agent_mobile_index = any (indexes), false),
           coalesce(c.recipient_mobile_index = any (indexes), false)
      from renewal_content as c, wanted
     where c.agent_id_index = any (indexes) or c.agent_mobile_index = any (indexes)
        or c.recipient_mobile_index = any (indexes)
     order by c.renewal_no
$$;
