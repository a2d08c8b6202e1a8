-- SPDX-License-Identifier: Apache-2.0
-- An administrator takes a colleague's access away at once; giving it back takes two (admin_ask). Outcomes: disabled,
-- unauthenticated, forbidden, staff_unknown, own_account. Safe to call again.
create or replace function xuqi.staff_stop(in_token_digest bytea, in_name text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    caller record;
    person staff;
begin
    select * into caller from session_of(in_token_digest, array['administrator']);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    select * into person from staff where name = in_name for update;
    outcome := case when person.id is null then 'staff_unknown'
                    when person.id = caller.staff_id then 'own_account' else 'disabled' end;
    if outcome = 'disabled' then
        perform staff_end(person.id, 'staff:' || caller.name);
    end if;
end
$$;
