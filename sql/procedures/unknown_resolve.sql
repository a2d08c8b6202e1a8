-- SPDX-License-Identifier: Apache-2.0
-- What became of a payment or a refund that neither gateway nor statement explains: one of finance says it with evidence,
-- another one says the same, and it is booked. Saying it again differently replaces one's own word. in_gateway_txn: the
-- gateway's number when it happened, else ''. Safe to call again. Outcomes: proposed, resolved, unauthenticated, forbidden,
-- payment_unknown (no such number), not_unknown (it is known, or the gateway is still
-- asked), resolution_differs (another one said
-- something else), notice_mismatch (the gateway's number is known with another content).
create or replace function xuqi.unknown_resolve(
    in_token_digest bytea, in_kind text, in_number text, in_happened boolean, in_gateway_txn text, in_evidence text,
    out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller  record;
    said    resolution;
    attempt payment_attempt;
    r       refund;
    actor   text;
begin
    select * into caller from session_order(
        in_token_digest, case in_kind when 'payment' then (select a.order_no from payment_attempt as a where a.attempt_no = in_number)
                                      else (select f.order_no from refund as f where f.refund_no = in_number) end);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    perform from renewal as n
      where n.renewal_no in (select o.renewal_no from payment_attempt as a join "order" as o on o.order_no = a.order_no
                              where in_kind = 'payment' and a.attempt_no = in_number
                             union all
                             select f.renewal_no from refund as f where in_kind = 'refund' and f.refund_no = in_number)
        for update of n;
    if not found then
        outcome := 'payment_unknown';
        return;
    end if;
    select * into attempt from payment_attempt where in_kind = 'payment' and attempt_no = in_number;
    select f.* into r from refund as f where in_kind = 'refund' and f.refund_no = in_number;
    select * into said from resolution as s where s.kind = in_kind and s.number = in_number order by s.id desc limit 1;
    outcome := case
        when said.decided_by is not null and caller.staff_id in (said.said_by, said.decided_by)
             and (said.happened, said.gateway_txn) = (in_happened, in_gateway_txn) then 'resolved'
        when coalesce(attempt.state, r.state) <> 'unknown'
             or not exists (select from outbox where event = in_number and state = 'dead') then 'not_unknown'
        when said.id is null or said.decided_by is not null or said.said_by = caller.staff_id then 'proposed'
        when (said.happened, said.gateway_txn) <> (in_happened, in_gateway_txn) then 'resolution_differs'
        else 'decide' end;
    if outcome = 'proposed' then
        insert into resolution (kind, number, happened, gateway_txn, evidence, said_by)
        values (in_kind, in_number, in_happened, in_gateway_txn, in_evidence, caller.staff_id)
            on conflict (kind, number) where decided_by is null do update
           set happened = excluded.happened, gateway_txn = excluded.gateway_txn, evidence = excluded.evidence,
               said_at = now();
        insert into audit_event (actor, action, object, detail)
        values ('staff:' || caller.name, in_kind || '.resolution', in_number,
                case when in_happened then 'happened ' else 'did not happen ' end
                || reason_keep('staff:' || caller.name, in_kind || ':' || in_number, in_evidence));
        return;
    elsif outcome <> 'decide' then
        return;
    end if;

    actor := 'staff:' || caller.name;
    if in_kind = 'payment' and in_happened then
        select s.outcome into outcome
          from payment_settle(attempt.gateway, in_number, in_gateway_txn, attempt.amount_fen, now(), null,
                              convert_to('resolution ' || said.id || ': ' || said.evidence, 'UTF8'), 'two people') as s;
        if outcome = 'notice_mismatch' then
            return;
        end if;
    elsif in_kind = 'payment' then
        update payment_attempt set state = 'closed', last_word = 'two people' where attempt_no = in_number;
    elsif in_happened then
        perform refund_finish(in_number, actor, in_gateway_txn, null, caller.staff_id);
    else
        perform refund_fail(in_number, actor, 'two people', caller.staff_id);
    end if;
    update resolution set decided_by = caller.staff_id, decided_at = now() where id = said.id;
    with done as (
        delete from outbox where event = in_number and topic in ('payment_query', 'refund') and state = 'dead'
        returning *)
    insert into outbox_done (id, topic, dedup_key, event, renewal_no, attempts, result)
    select id, topic, dedup_key, event, renewal_no, attempts, 'two people' from done;
    insert into audit_event (actor, action, object, detail)
    values (actor, in_kind || '.resolve', in_number, case when in_happened then 'happened' else 'did not happen' end);
    outcome := 'resolved';
end
$$;
