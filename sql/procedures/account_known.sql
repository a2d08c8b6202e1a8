-- SPDX-License-Identifier: Apache-2.0
-- Has this payer paid from this account before, by what was found then and stands? Internal.
create or replace function xuqi.account_known(in_digits text, in_payer_credit_id bigint) returns boolean
language sql stable set search_path = xuqi, pg_temp as $$
    select in_digits <> '' and exists (
        select from transfer_match as m
         where m.payer_account_digits = in_digits and m.payer_account_digits <> ''
           and m.payer_credit_id = in_payer_credit_id and m.undone_at is null)
$$;
