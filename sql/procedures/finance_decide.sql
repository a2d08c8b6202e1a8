-- SPDX-License-Identifier: Apache-2.0
-- The second person does or refuses what the first one asked for. Safe to call again: the same decision of the same person
-- answers as it did. Outcomes: done, refused, unauthenticated, forbidden, platform_forbidden, duty_conflict, request_unknown, request_decided, decider_same,
-- and what finance_ask and
-- finance_change_ask may refuse: what was possible when it was asked may not be any more; the request stays.
create or replace function xuqi.finance_decide(
    in_token_digest bytea, in_request_id bigint, in_approve boolean, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    it     finance_request;
    wanted text := case when in_approve then 'done' else 'refused' end;
begin
    select * into caller from session_order(
        in_token_digest, (select coalesce(f.order_no, m.order_no)
                            from finance_request as f left join transfer_match as m on m.id = f.match_id
                           where f.id = in_request_id));
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    select * into it from finance_request where id = in_request_id;
    if it.change_id is not null then
        perform finance_change_lock(it.change_id);
    else
        perform finance_lock(it.line_id, it.order_no, it.match_id);
    end if;
    select * into it from finance_request where id = in_request_id for update;
    outcome := case when it.id is null then 'request_unknown'
                    when it.state = wanted and it.decided_by = caller.staff_id then wanted
                    when it.state <> 'asked' then 'request_decided'
                    when in_approve and it.asked_by = caller.staff_id then 'decider_same'
                    when in_approve and it.change_id is not null then finance_change_refusal(it.kind, it.change_id)
                    when in_approve then finance_refusal(it.kind, it.line_id, it.order_no, it.match_id, it.fen) end;
    if outcome is not null then
        return;
    end if;
    outcome := wanted;
    if in_approve then
        perform finance_finish(it, caller.staff_id, caller.name);
        return;
    end if;
    update finance_request set state = 'refused', decided_by = caller.staff_id, decided_at = now() where id = it.id;
    insert into audit_event (actor, action, object)
    values ('staff:' || caller.name, 'finance.' || it.kind || '.refused', 'request:' || it.id);
end
$$;
