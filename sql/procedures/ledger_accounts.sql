-- SPDX-License-Identifier: Apache-2.0
-- The chart of accounts, in its own order.
create or replace function xuqi.ledger_accounts()
returns table (kind text, normal_side text, owner text, guarded boolean, name_zh text, name_en text, meaning_zh text,
               meaning_en text)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select c.kind::text, c.normal_side, c.owner, c.guarded, c.name_zh, c.name_en, c.meaning_zh, c.meaning_en
      from account_chart as c order by c.kind
$$;
