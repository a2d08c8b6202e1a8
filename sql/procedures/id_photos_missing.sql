-- SPDX-License-Identifier: Apache-2.0
-- The sides of the identity card that are not there yet. Internal.
create or replace function xuqi.id_photos_missing(in_renewal_no text) returns text[]
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return array(select side from unnest(array['id_photo_front', 'id_photo_back']) as side
                  where not exists (select from material where renewal_no = in_renewal_no and kind = side));
end
$$;
