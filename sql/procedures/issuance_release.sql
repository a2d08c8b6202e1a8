-- SPDX-License-Identifier: Apache-2.0
-- Ends the halt. Outcome: released. Safe to call again.
create or replace function xuqi.issuance_release(out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    update halt set released_at = now(), released_by = 'admin' where released_at is null;
    if found then
        insert into audit_event (actor, action, object) values ('admin', 'issuance.release', 'issuer');
    end if;
    outcome := 'released';
end
$$;
