-- SPDX-License-Identifier: Apache-2.0
-- An instant as Beijing's clocks show it (UTC+8, no daylight saving since 1991), whatever the server's TimeZone is.
create or replace function xuqi.beijing(in_at timestamptz) returns timestamp
language sql immutable strict parallel safe as $$
    select (in_at at time zone 'UTC') + interval '8 hours'
$$;
