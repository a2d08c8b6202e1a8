-- SPDX-License-Identifier: Apache-2.0
-- A time as whole microseconds since 1970, exactly, and back (from_micros). Internal.
create or replace function xuqi.micros(in_at timestamptz) returns bigint
language sql immutable parallel safe as $$
    select (extract(epoch from in_at) * 1000000)::bigint
$$;
