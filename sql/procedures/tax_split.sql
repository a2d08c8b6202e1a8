-- SPDX-License-Identifier: Apache-2.0
-- The net price inside a gross one: round half up(gross / (1 + rate)), the rule of money_tax_fen; the tax is the rest, so
-- that they always come to the gross. The rate is in 1/10000. Internal.
-- A set of one row: a single query without settings of its own becomes part of the statement that asks it; one that answers
-- a row by itself would be parsed and planned in each transaction and called for each order.
create or replace function xuqi.tax_split(in_gross_fen bigint, in_rate_permyriad bigint)
returns table (net_fen bigint, tax_fen bigint)
language sql immutable parallel safe rows 1 as $$
    select net, in_gross_fen - net
      from (select (in_gross_fen * 20000 + 10000 + in_rate_permyriad) / (2 * (10000 + in_rate_permyriad)) as net) as split
$$;
