-- SPDX-License-Identifier: Apache-2.0
-- The kinds a renewal asks for and has no page of, in the platform's order. Internal.
create or replace function xuqi.material_missing(in_renewal_no text) returns text[]
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return array(
        select required.kind
          from renewal as r, unnest(r.required_materials) with ordinality as required (kind, place)
         where r.renewal_no = in_renewal_no
           and not exists (select from material as m where m.renewal_no = r.renewal_no and m.kind = required.kind)
         order by required.place);
end
$$;
