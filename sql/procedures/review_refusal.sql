-- SPDX-License-Identifier: Apache-2.0
-- Why this reviewer may not decide this case now, or null. The caller holds the row's lock. Internal.
create or replace function xuqi.review_refusal(in_renewal xuqi.renewal, in_staff_id bigint) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return case
        when in_renewal.status <> 'awaiting_review' then 'renewal_state'
        when exists (select from approval where renewal_no = in_renewal.renewal_no and staff_id = in_staff_id
                                            and voided_at is null) then 'reviewer_same'
        when review_own(in_renewal.renewal_no, in_staff_id) is not null then review_own(in_renewal.renewal_no, in_staff_id)
        when review_holds(in_renewal, in_staff_id) then null
        when review_taken(in_renewal, in_staff_id) then 'case_claimed'
        else 'case_not_claimed' end;
end
$$;
