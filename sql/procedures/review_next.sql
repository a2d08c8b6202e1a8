-- SPDX-License-Identifier: Apache-2.0
-- Claims the case that has the oldest promise of those that this reviewer may take, on one platform or any ('').
-- Cases that others are just taking are passed by. With a key safe to call again: the same case, as long as he holds it.
-- Outcomes: claimed, empty, unauthenticated, forbidden, key_reused, case_not_claimed (repeated, and not his any more).
create or replace function xuqi.review_next(
    in_token_digest bytea, in_platform text, in_lease_s bigint, in_key text default '',
    out outcome text, out renewal_no text, out claimed_by text, out claimed_until timestamptz, out version bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      renewal;
    before record;
begin
    select * into caller from session_reviewer(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    select * into before from review_repeated(caller.staff_id, in_key, 'claim', null);
    if before.outcome = 'key_reused' then
        outcome := 'key_reused';
        return;
    end if;
    if before.outcome = 'known' then
        select * into r from renewal as n where n.renewal_no = before.renewal_no for update;
        outcome := case when review_holds(r, caller.staff_id) then 'claimed' else 'case_not_claimed' end;
        renewal_no := before.renewal_no;
        claimed_by := caller.display_name;
        claimed_until := case when r.claimed_by = caller.staff_id then r.claimed_until else r.second_claimed_until end;
        version := r.version;
        return;
    end if;
    loop
        select n.* into r from renewal as n
         where n.status = 'awaiting_review' and (in_platform = '' or n.platform = in_platform)
           and (n.held_until is null or n.held_until <= now())
           and staff_may((select platforms from staff where id = caller.staff_id), n.platform)
           and not review_holds(n, caller.staff_id) and review_claim_refusal(n, caller.staff_id) is null
         order by n.review_order, n.renewal_no limit 1 for update skip locked;
        -- What was read before the lock may be over.
        exit when not found or review_claim_refusal(r, caller.staff_id) is null;
    end loop;
    if r.renewal_no is null then
        outcome := 'empty';
        return;
    end if;
    select 'claimed', r.renewal_no, caller.display_name, t.claimed_until, t.version
      into outcome, renewal_no, claimed_by, claimed_until, version
      from review_take(r, caller.staff_id, in_lease_s, 'claim', in_key, caller.staff_id) as t;
    insert into audit_event (actor, action, object)
    values ('staff:' || caller.name, 'review.claim', r.renewal_no);
end
$$;
