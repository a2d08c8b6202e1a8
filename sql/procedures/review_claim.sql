-- SPDX-License-Identifier: Apache-2.0
-- Holds a case for a reviewer for some time, or extends the hold. Safe to call again; of two at once one gets it.
-- Outcomes: claimed, unauthenticated, forbidden, platform_forbidden, renewal_unknown, renewal_state, case_claimed, reviewer_same.
create or replace function xuqi.review_claim(
    in_token_digest bytea, in_renewal_no text, in_lease_s bigint,
    out outcome text, out claimed_by text, out claimed_until timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    caller record;
    r      renewal;
begin
    select * into caller from session_case(in_token_digest, in_renewal_no);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    select * into r from renewal where renewal_no = in_renewal_no for update;
    outcome := case
        when r.renewal_no is null then 'renewal_unknown'
        when r.status <> 'awaiting_review' then 'renewal_state'
        when r.claimed_by <> caller.staff_id and r.claimed_until > clock_timestamp() then 'case_claimed'
        when exists (select from approval where renewal_no = in_renewal_no and staff_id = caller.staff_id
                                            and voided_at is null) then 'reviewer_same'
        else 'claimed' end;
    if outcome <> 'claimed' then
        return;
    end if;
    update renewal
       set claimed_by = caller.staff_id,
           claimed_at = case when r.claimed_by = caller.staff_id then r.claimed_at else clock_timestamp() end,
           claimed_until = clock_timestamp() + make_interval(secs => in_lease_s)
     where renewal_no = in_renewal_no
    returning renewal.claimed_until into claimed_until;
    insert into audit_event (actor, action, object)
    values ('staff:' || caller.name, 'review.claim', in_renewal_no);
    claimed_by := caller.display_name;
end
$$;
