-- SPDX-License-Identifier: Apache-2.0
-- The reviewer who holds a case puts it on hold: nobody is offered it until then, and the desk sees why. It comes back by
-- itself, by review_resume, or when somebody claims it. Safe to call again.
-- Outcomes: held, unauthenticated, forbidden, renewal_unknown, renewal_state, case_claimed, case_not_claimed,
-- reviewer_same, reviewer_own, reviewer_account, hold_until (not in the next 30 days), case_changed, key_reused.
create or replace function xuqi.review_hold(
    in_token_digest bytea, in_renewal_no text, in_until timestamptz, in_reason text, in_version bigint default 0,
    in_key text default '', out outcome text, out version bigint, out changed_by text, out changed_at timestamptz,
    out changed text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      renewal;
begin
    select * into caller from review_enter(in_token_digest, in_renewal_no, 'hold', in_key, in_version);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    r := caller.r;
    version := r.version;
    if caller.repeated is null and (r.held_by, r.held_until, r.held_reason) = (caller.staff_id, in_until, in_reason) then
        outcome := 'held';
        return;
    end if;
    select caller.changed_by, caller.changed_at, caller.changed into changed_by, changed_at, changed;
    outcome := case
        when caller.repeated is not null then replace(caller.repeated, 'known', 'held')
        when r.renewal_no is null then 'renewal_unknown'
        when changed_at is not null then 'case_changed'
        when in_until <= now() or in_until > now() + interval '30 days' then 'hold_until'
        else coalesce(review_refusal(r, caller.staff_id), 'held') end;
    if caller.repeated is not null or outcome <> 'held' then
        return;
    end if;
    update renewal
       set held_until = in_until, held_by = caller.staff_id, held_reason = in_reason, claimed_by = null,
           claimed_at = null, claimed_until = null, second_claimed_by = null, second_claimed_at = null,
           second_claimed_until = null
     where renewal_no = in_renewal_no;
    version := review_step_add(r, caller.staff_id, 'hold', in_key);
    insert into audit_event (actor, action, object) values ('staff:' || caller.name, 'review.hold', in_renewal_no);
end
$$;
