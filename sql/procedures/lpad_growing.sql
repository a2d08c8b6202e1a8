-- SPDX-License-Identifier: Apache-2.0
-- A sequence number in at least so many digits. (lpad alone would cut the digits of a longer one.)
create or replace function xuqi.lpad_growing(in_number bigint, in_digits integer) returns text
language sql immutable parallel safe as $$
    select lpad(in_number::text, greatest(in_digits, length(in_number::text)), '0')
$$;
