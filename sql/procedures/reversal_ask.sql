-- SPDX-License-Identifier: Apache-2.0
-- Finance asks that a posting be reversed; another person decides. Safe to call again: an open question for the posting is
-- answered with its number. Outcomes: asked, unauthenticated, forbidden, posting_unknown, posting_reversed, posting_held
-- (a business record stands on it: that is undone instead).
create or replace function xuqi.reversal_ask(
    in_token_digest bytea, in_event_type text, in_event_key text, in_reason text, out outcome text, out id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    target posting;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    select p.* into target from posting as p
     where p.event_type = in_event_type and p.event_key = in_event_key for no key update;
    outcome := case when target.id is null then 'posting_unknown'
                    when exists (select from posting as p where p.reverses = target.id) then 'posting_reversed'
                    when posting_held(target.id) <> '' then 'posting_held' else 'asked' end;
    if outcome <> 'asked' then
        return;
    end if;
    select r.id into id from reversal as r where r.posting_id = target.id and r.state = 'asked';
    if id is null then
        insert into reversal (posting_id, reason, asked_by) values (target.id, in_reason, caller.staff_id)
        returning reversal.id into id;
        insert into audit_event (actor, action, object, detail)
        values ('staff:' || caller.name, 'reversal.ask', 'posting:' || target.id,
                reason_keep('staff:' || caller.name, 'posting:' || target.id, in_reason));
    end if;
end
$$;
