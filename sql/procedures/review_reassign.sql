-- SPDX-License-Identifier: Apache-2.0
-- A senior reviewer gives a case to a reviewer for some time, whoever holds it, or takes it back to the queue (in_to '').
-- Safe to call again. Outcomes: reassigned, unauthenticated, forbidden, platform_forbidden, renewal_unknown, renewal_state, staff_unknown (or
-- no reviewer), reviewer_same (has approved it), reviewer_own, reviewer_account, case_changed (with who changed what when), key_reused.
create or replace function xuqi.review_reassign(
    in_token_digest bytea, in_renewal_no text, in_to text, in_lease_s bigint, in_version bigint default 0,
    in_key text default '', out outcome text, out claimed_by text, out claimed_until timestamptz, out version bigint,
    out changed_by text, out changed_at timestamptz, out changed text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    target staff;
    r      renewal;
    before record;
begin
    select * into caller from session_case(in_token_digest, in_renewal_no);
    outcome := case when caller.outcome in ('ok', 'platform_forbidden') and not 'senior_reviewer' = any (
                             (select roles from staff where id = caller.staff_id)::text[]) then 'forbidden'
                    else caller.outcome end;
    if outcome <> 'ok' then
        return;
    end if;
    select * into before from review_repeated(caller.staff_id, in_key, 'reassign', in_renewal_no);
    select * into target from staff
     where name = in_to and status = 'active' and roles && array['reviewer', 'senior_reviewer'];
    select * into r from renewal where renewal_no = in_renewal_no for update;
    select l.* into changed_by, changed_at, changed from review_changed(in_renewal_no, in_version, caller.staff_id) as l;
    version := r.version;
    outcome := case
        when before.outcome is not null then replace(before.outcome, 'known', 'reassigned')
        when r.renewal_no is null then 'renewal_unknown'
        when changed_at is not null then 'case_changed'
        when r.status <> 'awaiting_review' then 'renewal_state'
        when in_to <> '' and (target.id is null or not staff_may(target.platforms, r.platform)) then 'staff_unknown'
        when exists (select from approval where renewal_no = in_renewal_no and staff_id = target.id
                                            and voided_at is null) then 'reviewer_same'
        when in_to <> '' then coalesce(review_own(in_renewal_no, target.id), 'reassigned')
        else 'reassigned' end;
    if before.outcome is not null or outcome <> 'reassigned' then
        return;
    end if;
    update renewal
       set claimed_by = null, claimed_at = null, claimed_until = null, second_claimed_by = null,
           second_claimed_at = null, second_claimed_until = null
     where renewal_no = in_renewal_no;
    if in_to <> '' then
        select t.claimed_until, t.version into claimed_until, version
          from (select * from renewal where renewal_no = in_renewal_no) as freed,
               review_take(freed.*::renewal, target.id, in_lease_s, 'reassign', in_key, caller.staff_id, target.name) as t;
        claimed_by := target.display_name;
    else
        version := review_step_add(r, caller.staff_id, 'reassign', in_key);
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'review.reassign', in_renewal_no, coalesce(target.name, ''));
end
$$;
