-- SPDX-License-Identifier: Apache-2.0
-- The access review, from the console (staff_overview); that it was made is on the audit trail.
create or replace function xuqi.staff_review(in_unused_days bigint)
returns table (name text, display_name text, roles text, platforms text, status text, version bigint, certificates bigint,
               created_at timestamptz, granted_by text, granted_at timestamptz, last_used_at timestamptz, unused boolean,
               unrecognised boolean)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    insert into audit_event (actor, action, object, detail)
    values ('admin', 'staff.review', 'staff', 'unused for ' || in_unused_days || ' days');
    return query select * from staff_overview(in_unused_days);
end
$$;
