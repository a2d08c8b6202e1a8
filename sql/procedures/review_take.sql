-- SPDX-License-Identifier: Apache-2.0
-- Gives a place of a case to a member of staff for some time, or extends what he has; a hold ends with it. The caller holds
-- the row's lock and has asked review_claim_refusal. Internal; answers until when, and the renewal's version.
create or replace function xuqi.review_take(
    in_renewal xuqi.renewal, in_staff_id bigint, in_lease_s bigint, in_kind text, in_key text, in_by bigint,
    in_detail text default '', out claimed_until timestamptz, out version bigint)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    until  timestamptz := clock_timestamp() + make_interval(secs => in_lease_s);
    second boolean := in_renewal.second_claimed_by = in_staff_id
                      or (in_renewal.claimed_by <> in_staff_id and in_renewal.claimed_until > clock_timestamp());
begin
    if coalesce(second, false) then
        update renewal
           set second_claimed_by = in_staff_id, second_claimed_until = until,
               second_claimed_at = case when second_claimed_by = in_staff_id then second_claimed_at
                                        else clock_timestamp() end,
               held_until = null, held_by = null, held_reason = null
         where renewal_no = in_renewal.renewal_no;
    else
        update renewal
           set claimed_by = in_staff_id, claimed_until = until,
               claimed_at = case when claimed_by = in_staff_id then claimed_at else clock_timestamp() end,
               held_until = null, held_by = null, held_reason = null
         where renewal_no = in_renewal.renewal_no;
    end if;
    claimed_until := until;
    version := review_step_add(in_renewal, in_by, in_kind, in_key, in_detail);
end
$$;
