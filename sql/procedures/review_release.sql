-- SPDX-License-Identifier: Apache-2.0
-- Gives a case back. Outcomes: released, unauthenticated, forbidden, platform_forbidden, renewal_unknown, case_claimed (somebody else's),
-- key_reused. Safe to call again; what nobody holds is released already.
create or replace function xuqi.review_release(
    in_token_digest bytea, in_renewal_no text, in_key text default '', out outcome text, out version bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      renewal;
begin
    select * into caller from review_enter(in_token_digest, in_renewal_no, 'release', in_key, 0);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    r := caller.r;
    version := r.version;
    outcome := case
        when caller.repeated is not null then replace(caller.repeated, 'known', 'released')
        when r.renewal_no is null then 'renewal_unknown'
        when caller.staff_id in (r.claimed_by, r.second_claimed_by) then 'released'
        when review_taken(r, caller.staff_id) then 'case_claimed'
        else 'released' end;
    if caller.repeated is not null or outcome <> 'released'
       or not coalesce(caller.staff_id in (r.claimed_by, r.second_claimed_by), false) then
        return;
    end if;
    if r.claimed_by = caller.staff_id then
        update renewal set claimed_by = null, claimed_at = null, claimed_until = null where renewal_no = in_renewal_no;
    else
        update renewal set second_claimed_by = null, second_claimed_at = null, second_claimed_until = null
         where renewal_no = in_renewal_no;
    end if;
    version := review_step_add(r, caller.staff_id, 'release', in_key);
    insert into audit_event (actor, action, object)
    values ('staff:' || caller.name, 'review.release', in_renewal_no);
end
$$;
