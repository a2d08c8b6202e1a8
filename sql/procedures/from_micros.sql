-- SPDX-License-Identifier: Apache-2.0
-- The time of so many microseconds since 1970, exactly. Internal.
create or replace function xuqi.from_micros(in_micros bigint) returns timestamptz
language sql immutable parallel safe as $$
    select timestamptz '1970-01-01 00:00:00+00' + in_micros * interval '1 microsecond'
$$;
