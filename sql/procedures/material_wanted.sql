-- SPDX-License-Identifier: Apache-2.0
-- May this kind of document be uploaded or taken away now? For a draft what it asks for, for a returned renewal what was
-- named. The caller holds the row's lock. Internal; answers null or the refusal.
create or replace function xuqi.material_wanted(in_renewal xuqi.renewal, in_kind text) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return case
        when in_renewal.renewal_no is null then 'renewal_unknown'
        when in_renewal.status = 'draft'
            then case when in_kind <> all (in_renewal.required_materials)
                           and not (in_kind in ('id_photo_front', 'id_photo_back')
                                    and 'id_photos' = any (in_renewal.required_identity_steps))
                      then 'material_unexpected' end
        when in_renewal.status <> 'returned' then 'renewal_state'
        when not exists (select from return_item as i
                          where i.renewal_no = in_renewal.renewal_no and i.round = in_renewal.returns
                            and i.name = 'materials.' || in_kind) then 'material_unexpected' end;
end
$$;
