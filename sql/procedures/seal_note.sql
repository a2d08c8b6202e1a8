-- SPDX-License-Identifier: Apache-2.0
-- Writes onto the audit trail what was done with the keys of personal data. Outcome: noted.
create or replace function xuqi.seal_note(in_action text, in_key_id text, in_detail text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    insert into audit_event (actor, action, object, detail) values ('admin', in_action, 'key:' || in_key_id, in_detail);
    outcome := 'noted';
end
$$;
