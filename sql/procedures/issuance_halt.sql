-- SPDX-License-Identifier: Apache-2.0
-- Stops issuance: when this has been answered, no intent is under way and none will be taken. Outcome: halted.
-- Safe to call again: the first reason stays.
create or replace function xuqi.issuance_halt(in_reason text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    perform issuer_exclude();
    insert into halt (reason) values (in_reason) on conflict ((true)) where released_at is null do nothing;
    if found then
        insert into audit_event (actor, action, object, detail)
        values ('admin', 'issuance.halt', 'issuer', reason_keep('admin', 'issuer', in_reason));
    end if;
    outcome := 'halted';
end
$$;
