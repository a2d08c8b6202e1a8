-- SPDX-License-Identifier: Apache-2.0
-- Who may look at reconciliation: finance and auditors. Null, or unauthenticated, forbidden. Internal.
create or replace function xuqi.match_refusal(in_token_digest bytea) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    person staff;
begin
    select * into person from session_staff(in_token_digest);
    return case when person.id is null then 'unauthenticated'
                when not person.roles && array['finance', 'auditor'] then 'forbidden' end;
end
$$;
