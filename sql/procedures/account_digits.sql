-- SPDX-License-Identifier: Apache-2.0
-- An account number as it is compared: its digits, without the spaces and hyphens between them; empty for anything
-- else, a masked number above all, whose digits would be another number. Not strict, so
-- that it becomes part of the query that asks it of many lines.
create or replace function xuqi.account_digits(in_account text) returns text
language sql immutable parallel safe as $$
    select case when in_account is null then null
                when translate(in_account, ' -0123456789', '') = '' then translate(in_account, ' -', '') else '' end
$$;
