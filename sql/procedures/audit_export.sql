-- SPDX-License-Identifier: Apache-2.0
-- That the trail is exported is on the trail. Outcome: noted.
create or replace function xuqi.audit_export(in_actor text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    insert into audit_event (actor, action, object, detail)
    select 'admin:' || in_actor, 'audit.export', 'audit', size || ' leaves' from audit_tree;
    outcome := 'noted';
end
$$;
