-- SPDX-License-Identifier: Apache-2.0
-- One reviewer's approval of exactly the content he saw; the last one needed moves the renewal on. Safe to call again:
-- an approval repeated over the same content answers as it did.
-- Outcomes: approved, first_approval (another reviewer is needed), unauthenticated, forbidden, platform_forbidden, renewal_unknown,
-- renewal_state, case_claimed, case_not_claimed, case_changed, reviewer_same.
create or replace function xuqi.review_approve(
    in_token_digest bytea, in_renewal_no text, in_content_hash bytea, out outcome text, out status text)
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
    status := r.status::text;
    if exists (select from approval where renewal_no = in_renewal_no and staff_id = caller.staff_id
                                      and voided_at is null and content_hash = in_content_hash)
       and (r.reviews_done >= r.reviews_required or r.reviews_done = 1) and r.status <> 'rejected' then
        outcome := case when r.reviews_done >= r.reviews_required then 'approved' else 'first_approval' end;
        return;
    end if;
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    else coalesce(review_refusal(r, caller.staff_id),
                                  case when in_content_hash is distinct from renewal_content_hash(in_renewal_no)
                                       then 'case_changed' end) end;
    if outcome is not null then
        return;
    end if;
    insert into approval (renewal_no, staff_id, content_hash)
    values (in_renewal_no, caller.staff_id, in_content_hash);
    update renewal
       set reviews_done = reviews_done + 1, claimed_by = null, claimed_at = null, claimed_until = null
     where renewal_no = in_renewal_no;
    status := renewal_move(in_renewal_no)::text;
    outcome := case when status = 'awaiting_review' then 'first_approval' else 'approved' end;
    if status = 'awaiting_install' then -- otherwise when its account is verified
        perform enqueue('message', 'approved', in_renewal_no);
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'review.approve', in_renewal_no, encode(in_content_hash, 'hex'));
end
$$;
