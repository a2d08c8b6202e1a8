-- SPDX-License-Identifier: Apache-2.0
-- What a difference leaves in its rail's clearing account: ours less theirs, a refund the other way round, and what has been
-- booked because of it. Internal.
create or replace function xuqi.match_effect(in_it xuqi.match_difference) returns bigint
language sql immutable as $$
    select case in_it.kind when 'payment' then 1 when 'refund' then -1 else 0 end
           * (case when in_it.our_day is null then 0 else in_it.ours_fen end
              - case when in_it.their_day is null then 0 else in_it.theirs_fen end) + in_it.booked_fen
$$;
