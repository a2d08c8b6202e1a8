-- SPDX-License-Identifier: Apache-2.0
-- A piece of a kept bill; no row behind its last. Reads only.
create or replace function xuqi.bill_piece_get(in_file_id bigint, in_number bigint) returns table (data bytea)
language plpgsql stable rows 1 security definer set search_path = xuqi, pg_temp as $$
begin
    return query select p.data from bill_piece as p where p.file_id = in_file_id and p.number = in_number;
end
$$;
