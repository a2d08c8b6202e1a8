-- SPDX-License-Identifier: Apache-2.0
-- What a returned renewal still lacks once these fields are given: names separated by spaces, fields first, then documents,
-- then the identity checks that are to be made (again, when the fields make the agent another person). Internal.
create or replace function xuqi.correction_missing(in_renewal_no text, in_given text[], in_other_person boolean)
returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return array_to_string(
        array(select open.name from return_open(in_renewal_no) as o, unnest(o.uncorrected) as open (name)
               where open.name <> all (in_given))
        || array(select 'materials.' || missing.kind
                   from renewal as r, unnest(material_missing(in_renewal_no)) as missing (kind)
                  where r.renewal_no = in_renewal_no and r.status = 'returned')
        -- Photos are documents here.
        || array(select 'identity.' || asked.step
                   from renewal as r,
                        unnest(case when in_other_person then r.required_identity_steps
                                    else identity_missing(in_renewal_no) end) with ordinality as asked (step, place)
                  where r.renewal_no = in_renewal_no and r.status = 'returned' and asked.step <> 'id_photos'
                  order by asked.place), ' ');
end
$$;
