-- SPDX-License-Identifier: Apache-2.0
-- The instant at which a clearing day begins; the reverse of bill_day_of.
create or replace function xuqi.bill_day_start(in_rail text, in_day date) returns timestamptz
language sql immutable strict parallel safe as $$
    select (in_day::timestamp - case in_rail when 'unionpay' then interval '9 hours' else interval '8 hours' end)
           at time zone 'UTC'
$$;
