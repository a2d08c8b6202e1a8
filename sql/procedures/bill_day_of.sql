-- SPDX-License-Identifier: Apache-2.0
-- The clearing day that an instant belongs to: UnionPay's ends at 23:00, the others' at midnight, Beijing time.
create or replace function xuqi.bill_day_of(in_rail text, in_at timestamptz) returns date
language sql immutable strict parallel safe as $$
    select (in_at at time zone 'UTC' + case in_rail when 'unionpay' then interval '9 hours' else interval '8 hours' end)::date
$$;
