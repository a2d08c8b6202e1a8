-- SPDX-License-Identifier: Apache-2.0
-- The kinds of documents that are still to come, in the platform's order: those that a renewal asks for and has no page of;
-- while it is returned, those that were named and have no page uploaded since. Internal.
create or replace function xuqi.material_missing(in_renewal_no text) returns text[]
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    r renewal;
begin
    select * into r from renewal where renewal_no = in_renewal_no;
    if r.status = 'returned' then
        return array(
            select substr(i.name, 11) from return_item as i
             where i.renewal_no = in_renewal_no and i.round = r.returns and i.name like 'materials.%'
               and not exists (select from material as m
                                where m.renewal_no = in_renewal_no and i.name = 'materials.' || m.kind
                                  and m.round = r.returns)
             order by i.name collate "C");
    end if;
    return array(
        select required.kind
          from unnest(r.required_materials) with ordinality as required (kind, place)
         where not exists (select from material as m where m.renewal_no = in_renewal_no and m.kind = required.kind)
         order by required.place);
end
$$;
