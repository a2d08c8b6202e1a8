-- SPDX-License-Identifier: Apache-2.0
-- Holds a case for a reviewer for some time, or extends the hold. Safe to call again; of two at once one gets it, or both
-- where the platform lets two review at the same time. A case that was put on hold is taken off it.
-- Outcomes: claimed, unauthenticated, forbidden, platform_forbidden, renewal_unknown, renewal_state, case_claimed (by claimed_by, until
-- claimed_until), reviewer_same, reviewer_own, reviewer_account, key_reused.
create or replace function xuqi.review_claim(
    in_token_digest bytea, in_renewal_no text, in_lease_s bigint, in_key text default '',
    out outcome text, out claimed_by text, out claimed_until timestamptz, out version bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      renewal;
begin
    select * into caller from review_enter(in_token_digest, in_renewal_no, 'claim', in_key, 0);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    r := caller.r;
    outcome := case
        when caller.repeated = 'key_reused' then 'key_reused'
        when r.renewal_no is null then 'renewal_unknown'
        else coalesce(review_claim_refusal(r, caller.staff_id), 'claimed') end;
    if outcome = 'case_claimed' then
        select holder.display_name, place.until into claimed_by, claimed_until
          from (values (r.claimed_by, r.claimed_until), (r.second_claimed_by, r.second_claimed_until)) as place (id, until)
          join staff as holder on holder.id = place.id
         where place.until > clock_timestamp() and place.id <> caller.staff_id
         order by place.until desc limit 1;
    end if;
    if outcome <> 'claimed' then
        return;
    end if;
    select t.claimed_until, t.version into claimed_until, version
      from review_take(r, caller.staff_id, in_lease_s, 'claim', case when caller.repeated is null then in_key else '' end,
                       caller.staff_id) as t;
    insert into audit_event (actor, action, object)
    values ('staff:' || caller.name, 'review.claim', in_renewal_no);
    claimed_by := caller.display_name;
end
$$;
