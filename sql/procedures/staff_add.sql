-- SPDX-License-Identifier: Apache-2.0
-- A member of staff, from the console. Outcomes: added, known (the name exists; nothing changed), duties_clash (roles that
-- one person may not have together). Safe to call again.
create or replace function xuqi.staff_add(
    in_name text, in_display_name text, in_password_hash text, in_totp_sealed bytea, in_roles text[],
    out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    added bigint;
begin
    if duties_clash(in_roles) then
        outcome := case when exists (select from staff where name = in_name) then 'known' else 'duties_clash' end;
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('staff:' || in_name, 0)); -- a request for the same name may be decided now
    insert into staff (name, display_name, password_hash, totp_sealed, roles)
    values (in_name, in_display_name, in_password_hash, in_totp_sealed, in_roles)
        on conflict (name) do nothing returning id into added;
    outcome := case when added is not null then 'added' else 'known' end;
    if outcome = 'added' then
        perform staff_grant_put(added, 'admin');
        insert into audit_event (actor, action, object, detail)
        values ('admin', 'staff.add', 'staff:' || in_name, array_to_string(in_roles, ','));
    end if;
end
$$;
