-- SPDX-License-Identifier: Apache-2.0
-- A statement file from the finance desk is on its way. Each call begins another one; what is not finished is forgotten
-- after a day. Outcomes: begun, unauthenticated, forbidden, collecting_account_unknown.
create or replace function xuqi.statement_begin(
    in_token_digest bytea, in_account_no text, in_file_name text,
    out outcome text, out upload_id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    upload_id := statement_open('file', in_account_no, '', in_file_name, 'staff:' || caller.name);
    outcome := case when upload_id is null then 'collecting_account_unknown' else 'begun' end;
end
$$;
