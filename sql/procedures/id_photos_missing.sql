-- SPDX-License-Identifier: Apache-2.0
-- The sides of the identity card that are still to be photographed: those that are not there; of a returned renewal those
-- that were named and not taken since. Internal.
create or replace function xuqi.id_photos_missing(in_renewal_no text) returns text[]
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    if (select status from renewal where renewal_no = in_renewal_no) = 'returned' then
        return array(select kind from unnest(material_missing(in_renewal_no)) as kind
                      where kind in ('id_photo_front', 'id_photo_back') order by kind desc);
    end if;
    return array(select side from unnest(array['id_photo_front', 'id_photo_back']) as side
                  where not exists (select from material where renewal_no = in_renewal_no and kind = side));
end
$$;
