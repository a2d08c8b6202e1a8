-- SPDX-License-Identifier: Apache-2.0
-- Takes a case off its hold, for everybody to claim. Safe to call again: what is not on hold is resumed already.
-- Outcomes: resumed, unauthenticated, forbidden, renewal_unknown, key_reused.
create or replace function xuqi.review_resume(
    in_token_digest bytea, in_renewal_no text, in_key text default '', out outcome text, out version bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      renewal;
    before record;
begin
    select * into caller from session_case(in_token_digest, in_renewal_no);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    select * into before from review_repeated(caller.staff_id, in_key, 'resume', in_renewal_no);
    select * into r from renewal where renewal_no = in_renewal_no for update;
    version := r.version;
    outcome := case when before.outcome is not null then replace(before.outcome, 'known', 'resumed')
                    when r.renewal_no is null then 'renewal_unknown' else 'resumed' end;
    if before.outcome is not null or r.held_until is null then
        return;
    end if;
    update renewal set held_until = null, held_by = null, held_reason = null where renewal_no = in_renewal_no;
    version := review_step_add(r, caller.staff_id, 'resume', in_key);
    insert into audit_event (actor, action, object) values ('staff:' || caller.name, 'review.resume', in_renewal_no);
end
$$;
