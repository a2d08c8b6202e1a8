-- SPDX-License-Identifier: Apache-2.0
-- Has the organisation paid from an account that the bank says is in its own name? Then no 0.01 yuan is needed to prove it.
-- Internal.
create or replace function xuqi.renewal_proven(in_renewal_no text) returns boolean
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return exists (select from transfer_match where renewal_no = in_renewal_no and proves and undone_at is null);
end
$$;
