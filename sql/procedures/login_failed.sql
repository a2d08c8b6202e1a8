-- SPDX-License-Identifier: Apache-2.0
-- Counts a login that failed, for its name and for its address, and says so on the trail. The caller has asked login_locked. Internal.
create or replace function xuqi.login_failed(
    in_kind text, in_mark bytea, in_address_kind text, in_address text, in_actor text, in_action text, in_object text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    insert into login_failure (kind, subject) values (in_kind, in_mark), (in_address_kind, fingerprint(in_address));
    insert into audit_event (actor, action, object) values (in_actor, in_action, in_object);
end
$$;
