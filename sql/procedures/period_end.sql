-- SPDX-License-Identifier: Apache-2.0
-- The instant at which a month ends in Beijing. Internal.
create or replace function xuqi.period_end(in_month date) returns timestamptz
language sql immutable parallel safe as $$
    select ((in_month + interval '1 month') - interval '8 hours') at time zone 'UTC'
$$;
