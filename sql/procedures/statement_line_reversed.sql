-- SPDX-License-Identifier: Apache-2.0
-- A credit that was used, in whole or in part, was taken back by the bank: raised for finance. Internal, called inside
-- the import's transaction once reversed_by is set; what used it is undone from here.
create or replace function xuqi.statement_line_reversed(in_line bigint) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    insert into statement_change (collecting_account_id, import_id, reason, line_id, fingerprint)
    select line.collecting_account_id, reversal.import_id, 'reversed_taken', line.id, reversal.fingerprint
      from statement_line as line join statement_line as reversal on reversal.id = line.reversed_by
     where line.id = in_line
        on conflict do nothing;
end
$$;
