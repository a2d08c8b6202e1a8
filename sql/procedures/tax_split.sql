-- SPDX-License-Identifier: Apache-2.0
-- The net price inside a gross one: round half up(gross / (1 + rate)), the rule of money_tax_fen; the tax is the rest, so
-- that they always come to the gross. The rate is in 1/10000. Internal.
create or replace function xuqi.tax_split(in_gross_fen bigint, in_rate_permyriad bigint, out net_fen bigint, out tax_fen bigint)
language sql immutable parallel safe as $$
    select net, in_gross_fen - net
      from (select (in_gross_fen * 20000 + 10000 + in_rate_permyriad) / (2 * (10000 + in_rate_permyriad)) as net) as split
$$;
