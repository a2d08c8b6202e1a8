-- SPDX-License-Identifier: Apache-2.0
-- What others did to a case since a reviewer saw it as this version: the last of it, who, when and what; nulls if nothing.
-- changed_by is null where the applicant or the server did it. in_version 0: he did not say what he had seen. Internal.
create or replace function xuqi.review_changed(
    in_renewal_no text, in_version bigint, in_staff_id bigint,
    out changed_by text, out changed_at timestamptz, out changed text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    if in_version > 0 then
        select person.display_name, s.at, s.kind into changed_by, changed_at, changed
          from review_step as s left join staff as person on person.id = s.staff_id
         where s.renewal_no = in_renewal_no and s.version > in_version and s.staff_id is distinct from in_staff_id
         order by s.id desc limit 1;
    end if;
end
$$;
