-- SPDX-License-Identifier: Apache-2.0
-- The documents of a renewal: one row per page, and one without a page for each kind that is asked for and missing.
-- No row when there are neither. Reads only.
create or replace function xuqi.material_list(in_renewal_no text)
returns table (kind text, page bigint, content_type text, size bigint, sha256 bytea, uploaded_at timestamptz)
language plpgsql stable rows 4 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select m.kind, m.page, m.content_type, m.size, m.sha256, m.uploaded_at
      from material as m where m.renewal_no = in_renewal_no
     union all
    select missing.kind, null, null, null, null, null from unnest(material_missing(in_renewal_no)) as missing (kind)
     order by 1, 2;
end
$$;
