-- SPDX-License-Identifier: Apache-2.0
-- Keeps a signed and verified list, which is the current one from now on. Outcomes: recorded, fenced, busy (there is a
-- later one, or another of this number). Safe to call again with the same bytes.
create or replace function xuqi.crl_record(
    in_fence bigint, in_number bigint, in_this_update timestamptz, in_next_update timestamptz, in_revocations bigint,
    in_der bytea, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    current_fence bigint := issuer_enter();
begin
    outcome := case
        when exists (select from crl where number = in_number and der = in_der) then 'recorded'
        when current_fence <> in_fence then 'fenced'
        when in_number <= (select max(number) from crl) then 'busy' end;
    if outcome is not null then
        return;
    end if;
    insert into crl (number, this_update, next_update, revocations, der)
    values (in_number, in_this_update, in_next_update, in_revocations, in_der) on conflict (number) do nothing;
    if not found then
        outcome := case when exists (select from crl where number = in_number and der = in_der)
                        then 'recorded' else 'busy' end;
        return;
    end if;
    insert into audit_event (actor, action, object) values ('issuer', 'crl.record', in_number::text);
    outcome := 'recorded';
end
$$;
