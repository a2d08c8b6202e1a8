-- SPDX-License-Identifier: Apache-2.0
-- Gives a case back. Outcomes: released, unauthenticated, forbidden, platform_forbidden, renewal_unknown, case_claimed (somebody else's).
-- Safe to call again; what nobody holds is released already.
create or replace function xuqi.review_release(in_token_digest bytea, in_renewal_no text, out outcome text)
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
        when r.claimed_by <> caller.staff_id and r.claimed_until > clock_timestamp() then 'case_claimed'
        else 'released' end;
    if outcome <> 'released' or r.claimed_by is distinct from caller.staff_id then
        return;
    end if;
    update renewal set claimed_by = null, claimed_at = null, claimed_until = null where renewal_no = in_renewal_no;
    insert into audit_event (actor, action, object)
    values ('staff:' || caller.name, 'review.release', in_renewal_no);
end
$$;
