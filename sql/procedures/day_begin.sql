-- SPDX-License-Identifier: Apache-2.0
-- The instant at which a day begins in Beijing; of days since 1970-01-01. Internal.
create or replace function xuqi.day_begin(in_day bigint) returns timestamptz
language sql immutable parallel safe as $$
    select ((date '1970-01-01' + in_day::integer)::timestamp - interval '8 hours') at time zone 'UTC'
$$;
