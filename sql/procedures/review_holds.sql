-- SPDX-License-Identifier: Apache-2.0
-- Does this member of staff hold the case now, alone or as one of two who review at the same time? Internal.
create or replace function xuqi.review_holds(in_renewal xuqi.renewal, in_staff_id bigint) returns boolean
language sql stable set search_path = xuqi, pg_temp as $$
    select coalesce(in_renewal.claimed_by = in_staff_id and in_renewal.claimed_until > clock_timestamp(), false)
           or coalesce(in_renewal.second_claimed_by = in_staff_id
                       and in_renewal.second_claimed_until > clock_timestamp(), false)
$$;
