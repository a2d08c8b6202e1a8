-- SPDX-License-Identifier: Apache-2.0
-- A member of staff. Outcomes: added, known (the name exists; nothing changed). Safe to call again.
create or replace function xuqi.staff_add(
    in_name text, in_display_name text, in_password_hash text, in_totp_sealed bytea, in_roles text[],
    out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    insert into staff (name, display_name, password_hash, totp_sealed, roles)
    values (in_name, in_display_name, in_password_hash, in_totp_sealed, in_roles)
        on conflict (name) do nothing;
    outcome := case when found then 'added' else 'known' end;
    if outcome = 'added' then
        insert into audit_event (actor, action, object, detail)
        values ('admin', 'staff.add', 'staff:' || in_name, array_to_string(in_roles, ','));
    end if;
end
$$;
