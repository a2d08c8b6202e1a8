-- SPDX-License-Identifier: Apache-2.0
-- Why this reviewer may not take this case, or null; what he holds he may take again. Internal.
create or replace function xuqi.review_claim_refusal(in_renewal xuqi.renewal, in_staff_id bigint) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return case
        when in_renewal.status <> 'awaiting_review' then 'renewal_state'
        when review_taken(in_renewal, in_staff_id) then 'case_claimed'
        when exists (select from approval where renewal_no = in_renewal.renewal_no and staff_id = in_staff_id
                                            and voided_at is null) then 'reviewer_same'
        else review_own(in_renewal.renewal_no, in_staff_id) end;
end
$$;
