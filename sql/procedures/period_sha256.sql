-- SPDX-License-Identifier: Apache-2.0
-- What closing balances come to: SHA-256 over the month, the month before's and a line for each account. Internal.
create or replace function xuqi.period_sha256(
    in_month date, in_previous_sha256 bytea, in_account_ids bigint[], in_debits bigint[], in_credits bigint[])
returns bytea
language sql stable set search_path = xuqi, pg_temp as $$
    select sha256(convert_to(format(E'xuqi period\n%s\n%s\n', to_char(in_month, 'YYYY-MM'), encode(in_previous_sha256, 'hex'))
                             || coalesce(string_agg(format(E'%s %s %s\n', account_id, debits, credits), ''
                                                    order by account_id), ''), 'UTF8'))
      from unnest(in_account_ids, in_debits, in_credits) as closing (account_id, debits, credits)
$$;
