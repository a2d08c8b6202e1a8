-- SPDX-License-Identifier: Apache-2.0
-- A statement that will not be taken over: a row of it was bad, or it was only looked at. Safe to call again.
-- Outcomes: discarded.
create or replace function xuqi.statement_discard(in_upload_id bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    delete from statement_upload where id = in_upload_id;
    outcome := 'discarded';
end
$$;
