-- SPDX-License-Identifier: Apache-2.0
-- One reviewer's approval of exactly the content he saw; the last one needed moves the renewal on. Approvals that have
-- waited too long for another, or that were of other content, do not count any more (approval_expire). Safe to call again:
-- an approval repeated over the same content answers as it did.
-- Outcomes: approved, first_approval (another reviewer is needed), unauthenticated, forbidden, platform_forbidden, renewal_unknown,
-- renewal_state, case_claimed, case_not_claimed, case_changed (with who changed what when, if it is known), reviewer_same,
-- reviewer_own, reviewer_account, key_reused.
create or replace function xuqi.review_approve(
    in_token_digest bytea, in_renewal_no text, in_content_hash bytea, in_version bigint default 0,
    in_key text default '', in_ticks text[] default '{}', out outcome text, out status text, out version bigint,
    out changed_by text, out changed_at timestamptz, out changed text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      renewal;
begin
    select * into caller from review_enter(in_token_digest, in_renewal_no, 'approve', in_key, in_version);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    r := caller.r;
    status := r.status::text;
    version := r.version;
    if caller.repeated = 'key_reused' then
        outcome := caller.repeated;
        return;
    end if;
    if exists (select from approval where renewal_no = in_renewal_no and staff_id = caller.staff_id
                                      and voided_at is null and content_hash = in_content_hash)
       and (r.reviews_done >= r.reviews_required or r.reviews_done = 1) and r.status <> 'rejected' then
        outcome := case when r.reviews_done >= r.reviews_required then 'approved' else 'first_approval' end;
        return;
    end if;
    select caller.changed_by, caller.changed_at, caller.changed into changed_by, changed_at, changed;
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when changed_at is not null then 'case_changed'
                    else coalesce(review_refusal(r, caller.staff_id),
                                  case when in_content_hash is distinct from renewal_content_hash(in_renewal_no)
                                            or review_tick_stale(in_renewal_no, in_ticks)
                                       then 'case_changed' end) end;
    if outcome is not null then
        return;
    end if;
    perform approval_expire(in_renewal_no);
    with given as (
        insert into approval (renewal_no, staff_id, content_hash)
        values (in_renewal_no, caller.staff_id, in_content_hash) returning id)
    insert into review_tick (approval_id, item) select distinct given.id, item from given, unnest(in_ticks) as item;
    update renewal
       set reviews_done = reviews_done + 1,
           claimed_by = case when claimed_by = caller.staff_id then null else claimed_by end,
           claimed_at = case when claimed_by = caller.staff_id then null else claimed_at end,
           claimed_until = case when claimed_by = caller.staff_id then null else claimed_until end,
           second_claimed_by = case when second_claimed_by = caller.staff_id then null else second_claimed_by end,
           second_claimed_at = case when second_claimed_by = caller.staff_id then null else second_claimed_at end,
           second_claimed_until = case when second_claimed_by = caller.staff_id then null else second_claimed_until end
     where renewal_no = in_renewal_no;
    status := renewal_move(in_renewal_no)::text;
    outcome := case when status = 'awaiting_review' then 'first_approval' else 'approved' end;
    if status = 'awaiting_install' then -- otherwise when its account is verified
        perform enqueue('message', 'approved', in_renewal_no);
    end if;
    version := review_step_add(r, caller.staff_id, 'approve', in_key);
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'review.approve', in_renewal_no, encode(in_content_hash, 'hex'));
end
$$;
