-- SPDX-License-Identifier: Apache-2.0
-- What a tab of the desk holds, as a condition on the renewal r for the member of staff $1 at the time $2. Internal; null
-- for tabs that are not of renewals at the desk.
create or replace function xuqi.review_scope(in_tab text) returns text
language sql immutable set search_path = xuqi, pg_temp as $$
    select case in_tab
        when 'waiting' then $w$ r.status = 'awaiting_review' and (r.held_until is null or r.held_until <= now())
            and ((r.claimed_by is null or r.claimed_until <= now())
                 and (r.second_claimed_by is null or r.second_claimed_until <= now())
                 -- The functions only where they can make a difference: they are asked for each row.
                 or r.reviews_required - r.reviews_done > 1 and not review_holds(r, $1) and not review_taken(r, $1))
            and (r.reviews_done = 0 or not exists (
                select from approval as a where a.renewal_no = r.renewal_no and a.staff_id = $1 and a.voided_at is null)) $w$
        when 'mine' then $w$ r.status = 'awaiting_review'
            and (r.claimed_by = $1 and r.claimed_until > now()
                 or r.second_claimed_by = $1 and r.second_claimed_until > now()) $w$
        when 'second' then $w$ r.status = 'awaiting_review' and r.reviews_done > 0
            and not exists (select from approval as a where a.renewal_no = r.renewal_no and a.staff_id = $1
                                                        and a.voided_at is null) $w$
        when 'returned' then $w$ r.status = 'returned' $w$
        when 'held' then $w$ r.held_until is not null and r.held_until > now() $w$ end
$$;
