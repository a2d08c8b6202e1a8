-- SPDX-License-Identifier: Apache-2.0
-- The second person's word on a reversal: the posting is reversed, or the question is put away (which who asked may do, too).
-- Safe to call again. Outcomes: approved, refused, unauthenticated, forbidden, reversal_unknown, reversal_decided (otherwise
-- than now), reversal_same (who asked may not approve), posting_reversed, posting_held, overdrawn (an account has not got
-- the money any more).
create or replace function xuqi.reversal_decide(in_token_digest bytea, in_id bigint, in_approve boolean, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller    record;
    question  reversal;
    wanted    text := case when in_approve then 'approved' else 'refused' end;
    reversing bigint;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    select r.* into question from reversal as r where r.id = in_id for update;
    outcome := case when question.id is null then 'reversal_unknown'
                    when question.state = wanted and question.decided_by = caller.staff_id then wanted
                    when question.state <> 'asked' then 'reversal_decided'
                    when not in_approve then null
                    when question.asked_by = caller.staff_id then 'reversal_same'
                    when exists (select from posting as p where p.reverses = question.posting_id) then 'posting_reversed'
                    when posting_held(question.posting_id) <> '' then 'posting_held' end;
    if outcome is not null then
        return;
    end if;
    if in_approve then
        begin
            reversing := ledger_reverse(question.posting_id, 'staff:' || caller.name);
        exception when check_violation then
            outcome := 'overdrawn';
            return;
        end;
    end if;
    update reversal
       set state = wanted, decided_by = caller.staff_id, decided_at = now(), reversing_id = reversing
     where id = in_id;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'reversal.' || case when in_approve then 'approve' else 'refuse' end,
            'posting:' || question.posting_id, 'reversal ' || question.id);
    outcome := wanted;
end
$$;
