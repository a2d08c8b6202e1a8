-- SPDX-License-Identifier: Apache-2.0
-- So close to the end or the beginning of a clearing day that the gateway may count it to the other: half an hour.
create or replace function xuqi.bill_near_cut(in_rail text, in_at timestamptz) returns boolean
language sql immutable strict parallel safe as $$
    select xuqi.bill_day_of(in_rail, in_at + interval '30 minutes') <> xuqi.bill_day_of(in_rail, in_at - interval '30 minutes')
$$;
