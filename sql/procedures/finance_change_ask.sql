-- SPDX-License-Identifier: Apache-2.0
-- Finance settles what was raised about a statement line: accept (the bank's line as it came counts: a held-back one is
-- imported, a changed one replaces what it was; where only words differ the line stays and the words are on record), or
-- dismiss (ours stays). A request like others (finance_ask): where the account is one of in_two_people a second person
-- decides (finance_decide); each asking and each doing is on the audit trail. Safe to call again with the same key.
-- Outcomes: done, asked, unauthenticated, forbidden, request_conflict, change_unknown, change_settled, change_not_acceptable,
-- change_overtaken, line_taken.
create or replace function xuqi.finance_change_ask(
    in_token_digest bytea, in_key text, in_kind text, in_change_id bigint, in_reason text, in_two_people text[],
    out outcome text, out request_id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    it     finance_request;
    raised statement_change;
begin
    select * into caller from session_finance(in_token_digest);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('finance:' || in_key, 0));
    perform finance_change_lock(in_change_id);
    select * into it from finance_request where request_key = in_key;
    if found then
        outcome := case when (it.kind, it.change_id, it.asked_by) is distinct from (in_kind, in_change_id, caller.staff_id)
                        then 'request_conflict' else it.state end;
        request_id := case when outcome <> 'request_conflict' then it.id end;
        return;
    end if;
    outcome := finance_change_refusal(in_kind, in_change_id);
    if outcome is not null then
        return;
    end if;
    select * into strict raised from statement_change where id = in_change_id;
    insert into finance_request (request_key, kind, line_id, change_id, fen, reason, state, asked_by, two_people)
    select in_key, in_kind, raised.line_id, raised.id,
           coalesce((raised.content ->> 'amount_fen')::bigint, (select l.amount_fen from statement_line as l where l.id = raised.line_id)),
           in_reason, 'asked', caller.staff_id, c.account_no = any (in_two_people)
      from collecting_account as c where c.id = raised.collecting_account_id
    returning * into it;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'finance.' || in_kind || '.asked', 'request:' || it.id,
            format('change %s: %s', raised.id, raised.reason));
    if not it.two_people then
        perform finance_finish(it, caller.staff_id, caller.name);
    end if;
    outcome := case when it.two_people then 'asked' else 'done' end;
    request_id := it.id;
end
$$;
