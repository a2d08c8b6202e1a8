-- SPDX-License-Identifier: Apache-2.0
-- What a reviewer makes of a renewal that passed without a person, looked at afterwards: right, or wrong and why,
-- which is somebody's from then on (mistake_open). Safe to
-- call again. Outcomes: looked, unauthenticated, forbidden, sample_unknown, sample_looked (somebody has, otherwise),
-- reviewer_own, reviewer_account, key_reused.
create or replace function xuqi.review_sample_look(
    in_token_digest bytea, in_renewal_no text, in_verdict text, in_note text, in_key text default '', out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    drawn  review_sample;
    before record;
begin
    select * into caller from session_case(in_token_digest, in_renewal_no);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    select * into before from review_repeated(caller.staff_id, in_key, 'sample', in_renewal_no);
    select * into drawn from review_sample where renewal_no = in_renewal_no for update;
    outcome := case
        when before.outcome = 'key_reused' then 'key_reused'
        when drawn.renewal_no is null then 'sample_unknown'
        when (drawn.looked_by, drawn.verdict, drawn.note) = (caller.staff_id, in_verdict, in_note) then 'looked'
        when drawn.looked_at is not null then 'sample_looked'
        else coalesce(review_own(in_renewal_no, caller.staff_id), 'looked') end;
    if outcome <> 'looked' or drawn.looked_at is not null then
        return;
    end if;
    update review_sample
       set looked_by = caller.staff_id, looked_at = now(), verdict = in_verdict, note = in_note
     where renewal_no = in_renewal_no;
    perform review_step_add(r, caller.staff_id, 'sample', in_key, in_verdict)
       from renewal as r where r.renewal_no = in_renewal_no;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'review.sample', in_renewal_no, in_verdict);
    if in_verdict = 'wrong' then
        perform mistake_open(in_renewal_no, 'staff:' || caller.name);
    end if;
end
$$;
