-- SPDX-License-Identifier: Apache-2.0
-- Every return of a renewal, item by item: why, by whom, and what has become of it. Of a field that was corrected twice in
-- one return: the first value and the last. No row when it was never returned. Reads only.
create or replace function xuqi.return_list(in_renewal_no text)
returns table (round bigint, returned_at timestamptz, returned_by text, name text, reason_code text, reason_text text,
               corrected boolean, corrected_at timestamptz, old_masked text, new_masked text, changed boolean)
language plpgsql stable rows 4 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select e.round, e.returned_at, person.display_name, i.name, i.reason_code, i.reason_text,
           case when i.name like 'materials.%' then document.uploaded_at is not null
                else field.corrected_at is not null end,
           coalesce(field.corrected_at, document.uploaded_at), coalesce(field.old_masked, ''),
           coalesce(field.new_masked, ''), coalesce(field.changed, document.uploaded_at is not null)
      from renewal_return as e
      join return_item as i on i.renewal_no = e.renewal_no and i.round = e.round
      join staff as person on person.id = e.staff_id
      left join lateral (
          select max(c.corrected_at) as corrected_at, (array_agg(f.old_masked order by c.number))[1] as old_masked,
                 (array_agg(f.new_masked order by c.number desc))[1] as new_masked, bool_or(f.changed) as changed
            from correction as c join correction_field as f on f.renewal_no = c.renewal_no and f.number = c.number
           where c.renewal_no = i.renewal_no and c.round = i.round and f.name = i.name) as field on true
      left join lateral (
          select max(page.uploaded_at) as uploaded_at
            from (select m.renewal_no, m.kind, m.round, m.uploaded_at from material as m
                  union all
                  select m.renewal_no, m.kind, m.round, m.uploaded_at from material_replaced as m) as page
           where page.renewal_no = i.renewal_no and i.name = 'materials.' || page.kind and page.round >= i.round)
          as document on true
     where e.renewal_no = in_renewal_no
     order by e.round, i.name collate "C";
end
$$;
