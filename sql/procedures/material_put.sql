-- SPDX-License-Identifier: Apache-2.0
-- Keeps one page of a document, or replaces it. Photos of the identity card have one page each and are pictures. Safe to call again: the same content is kept as it is.
-- Outcomes: created, replaced, kept, renewal_unknown, renewal_state, material_unexpected.
create or replace function xuqi.material_put(
    in_renewal_no text, in_kind text, in_page bigint, in_content_type text, in_size bigint, in_sha256 bytea,
    in_sealed bytea, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r    renewal;
    held bytea;
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    outcome := material_wanted(r, in_kind);
    if outcome is null and in_kind in ('id_photo_front', 'id_photo_back')
       and (in_page <> 1 or in_content_type = 'application/pdf') then
        outcome := 'material_unexpected';
    end if;
    if outcome is not null then
        return;
    end if;
    select sha256 into held from material
     where renewal_no = in_renewal_no and kind = in_kind and page = in_page and content_type = in_content_type;
    if held = in_sha256 then
        outcome := 'kept';
        return;
    end if;
    insert into material (renewal_no, kind, page, content_type, size, sha256, sealed)
    values (in_renewal_no, in_kind, in_page, in_content_type, in_size, in_sha256, in_sealed)
        on conflict (renewal_no, kind, page) do update
       set content_type = excluded.content_type, size = excluded.size, sha256 = excluded.sha256,
           sealed = excluded.sealed, uploaded_at = excluded.uploaded_at
    returning case when xmax = 0 then 'created' else 'replaced' end into outcome;
    insert into audit_event (actor, action, object, detail)
    values ('applicant', 'material.put', in_renewal_no,
            in_kind || ' ' || in_page || ' ' || encode(in_sha256, 'hex'));
end
$$;
