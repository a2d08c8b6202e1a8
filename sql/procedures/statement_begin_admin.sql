-- SPDX-License-Identifier: Apache-2.0
-- statement_begin for xuqictl. Outcomes: begun, collecting_account_unknown.
create or replace function xuqi.statement_begin_admin(
    in_by text, in_account_no text, in_file_name text, out outcome text, out upload_id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    upload_id := statement_open('file', in_account_no, '', in_file_name, 'admin:' || in_by);
    outcome := case when upload_id is null then 'collecting_account_unknown' else 'begun' end;
end
$$;
