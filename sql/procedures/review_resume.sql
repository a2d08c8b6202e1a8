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
begin
    select * into caller from review_enter(in_token_digest, in_renewal_no, 'resume', in_key, 0);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    r := caller.r;
    version := r.version;
    outcome := case when caller.repeated is not null then replace(caller.repeated, 'known', 'resumed')
                    when r.renewal_no is null then 'renewal_unknown' else 'resumed' end;
    if caller.repeated is not null or r.held_until is null then
        return;
    end if;
    update renewal set held_until = null, held_by = null, held_reason = null where renewal_no = in_renewal_no;
    version := review_step_add(r, caller.staff_id, 'resume', in_key);
    insert into audit_event (actor, action, object) values ('staff:' || caller.name, 'review.resume', in_renewal_no);
end
$$;
