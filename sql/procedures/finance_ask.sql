-- SPDX-License-Identifier: Apache-2.0
-- A request of finance about statement lines: match (line, order, fen), unmatch (match), suspend, release (line, fen), return
-- (line, fen: back to who sent it), repay (match, fen: a payer's unused credit back to where it came from). Money that goes
-- out always needs a second person, a match and its undoing where the platform is one of in_two_people; everything else
-- is done at once. Safe to call again with the same key. Each asking and each doing is on the audit trail.
-- Outcomes: done, asked (a second person decides), unauthenticated, forbidden, platform_forbidden, duty_conflict, request_conflict (the key was used for
-- something else), line_unknown, order_unknown, match_unknown, line_taken, match_undone, match_spent, credit_absent,
-- payer_account_unknown, suspension_unknown.
create or replace function xuqi.finance_ask(
    in_token_digest bytea, in_key text, in_kind text, in_line_id bigint, in_order_no text, in_match_id bigint,
    in_fen bigint, in_reason text, in_two_people text[],
    out outcome text, out request_id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    it     finance_request;
    line   bigint := nullif(in_line_id, 0);
    the_match bigint := nullif(in_match_id, 0);
    no     text := nullif(in_order_no, '');
    wanted bigint := in_fen;
begin
    select * into caller from session_order(
        in_token_digest, coalesce(no, (select m.order_no from transfer_match as m where m.id = the_match)));
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('finance:' || in_key, 0));
    perform finance_lock(line, no, the_match);
    if in_kind = 'unmatch' then
        wanted := (select m.fen from transfer_match as m where m.id = the_match);
    elsif in_kind = 'release' and wanted = 0 then
        wanted := (select f.fen from finance_request as f where f.line_id = line and f.kind = 'suspend'
                   and f.state = 'done' and f.released_by is null order by f.id limit 1);
    end if;
    select * into it from finance_request where request_key = in_key;
    if found then
        outcome := case when (it.kind, it.line_id, it.order_no, it.match_id, it.asked_by)
                             is distinct from (in_kind, line, no, the_match, caller.staff_id)
                             or (in_kind not in ('unmatch', 'release') and it.fen <> in_fen) then 'request_conflict'
                        else it.state end;
        request_id := case when outcome <> 'request_conflict' then it.id end;
        return;
    end if;
    outcome := case when in_kind = 'release' and not exists (
                         select from finance_request as f where f.line_id = line and f.kind = 'suspend'
                            and f.state = 'done' and f.released_by is null and f.fen = wanted)
                    then 'suspension_unknown'
                    else finance_refusal(in_kind, line, no, the_match, wanted) end;
    if outcome is not null then
        return;
    end if;
    insert into finance_request (request_key, kind, line_id, order_no, match_id, fen, reason, state, asked_by, two_people)
    values (in_key, in_kind, line, no, the_match, wanted, in_reason, 'asked', caller.staff_id,
            in_kind in ('return', 'repay')
            or (in_kind in ('match', 'unmatch') and exists (
                select from "order" as o join renewal as r on r.renewal_no = o.renewal_no
                 where r.platform = any (in_two_people)
                   and o.order_no = coalesce(no, (select m.order_no from transfer_match as m where m.id = the_match)))))
    returning * into it;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'finance.' || in_kind || '.asked', 'request:' || it.id,
            concat_ws(' ', 'line ' || line, 'order ' || no, 'match ' || the_match, wanted || ' fen'));
    if not it.two_people then
        perform finance_finish(it, caller.staff_id, caller.name);
    end if;
    outcome := case when it.two_people then 'asked' else 'done' end;
    request_id := it.id;
end
$$;
