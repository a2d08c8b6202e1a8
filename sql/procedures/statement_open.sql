-- SPDX-License-Identifier: Apache-2.0
-- A statement on its way: what statement_append adds to and statement_take takes over. Internal. Null: no such account.
create or replace function xuqi.statement_open(
    in_source text, in_account_no text, in_format text, in_file_name text, in_actor text) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    opened bigint;
begin
    insert into statement_upload (collecting_account_id, source, format, file_name, begun_by)
    select id, in_source, in_format, in_file_name, in_actor from collecting_account where account_no = in_account_no
    returning id into opened;
    return opened;
end
$$;
