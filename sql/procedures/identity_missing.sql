-- SPDX-License-Identifier: Apache-2.0
-- The identity steps a renewal asks for that are neither passed nor left to the reviewer for the agent as he is by now, in the platform's order. Internal.
create or replace function xuqi.identity_missing(in_renewal_no text) returns text[]
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return array(
        select asked.step
          from renewal as r, unnest(r.required_identity_steps) with ordinality as asked (step, place)
         where r.renewal_no = in_renewal_no
           and case asked.step
                   when 'id_photos' then id_photos_missing(in_renewal_no) <> '{}'
                   else not exists (select from identity_check as c
                                     where c.renewal_no = in_renewal_no and c.kind = asked.step
                                       and c.person = identity_person(in_renewal_no)
                                       and c.state in ('passed', 'manual')) end
         order by asked.place);
end
$$;
