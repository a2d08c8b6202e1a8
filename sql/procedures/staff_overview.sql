-- SPDX-License-Identifier: Apache-2.0
-- Every account: who has which rights since when and by whom, when it was last used, and whether it has not been used for
-- so many days. unrecognised: a reviewer of whom nobody has noted who he is: his own application is not known as his. Internal.
create or replace function xuqi.staff_overview(in_unused_days bigint)
returns table (name text, display_name text, roles text, platforms text, status text, version bigint, certificates bigint,
               created_at timestamptz, granted_by text, granted_at timestamptz, last_used_at timestamptz, unused boolean,
               unrecognised boolean)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select s.name, s.display_name, array_to_string(s.roles, ','), array_to_string(s.platforms, ','), s.status, s.version,
           (select count(*) from staff_certificate as c where c.staff_id = s.id and c.removed_at is null), s.created_at,
           coalesce(g.granted_by, ''), g.granted_at, s.last_used_at,
           s.status = 'active' and coalesce(s.last_used_at, s.created_at) < now() - make_interval(days => in_unused_days::int),
           s.status = 'active' and s.person_sealed is null and s.roles && array['reviewer', 'senior_reviewer']
      from staff as s left join staff_grant as g on g.staff_id = s.id and g.ended_at is null
     order by s.name;
end
$$;
