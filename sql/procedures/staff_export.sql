-- SPDX-License-Identifier: Apache-2.0
-- One of finance (or an auditor, the differences, the ledger and the payouts) takes a list out of the system: written down before it is read. Outcomes: noted, unauthenticated, forbidden.
create or replace function xuqi.staff_export(in_token_digest bytea, in_list text, in_filter text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    caller record;
begin
    select * into caller from session_of(
        in_token_digest, case when in_list in ('differences', 'ledger', 'ledger_transfers', 'payouts') then array['finance', 'auditor']
                              else array['finance'] end);
    outcome := case when caller.outcome = 'ok' then 'noted' else caller.outcome end;
    if outcome = 'noted' then
        insert into audit_event (actor, action, object, detail)
        values ('staff:' || caller.name, 'export', 'list:' || in_list, in_filter);
    end if;
end
$$;
