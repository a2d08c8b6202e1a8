-- SPDX-License-Identifier: Apache-2.0
-- The ledger's account of a bank account of ours: a collecting account, or one that a bank's link has paid from. Null for any other
-- number: what a person types opens no account. Internal.
create or replace function xuqi.bank_account_known(in_account_no text) returns bigint
language sql stable set search_path = xuqi, pg_temp as $$
    select id from account where kind = 'bank' and owner_key = in_account_no
$$;
