-- SPDX-License-Identifier: Apache-2.0
-- One of finance refuses a refund that was asked for by the applicant or by the staff; what a surplus or a rejection gives
-- back, and what failed and is tried again, is owed and cannot be refused, unless the payer has used it since. Safe to call again. Outcomes: refused, unauthenticated, forbidden, platform_forbidden, duty_conflict, refund_unknown,
-- refund_state, refund_owed.
create or replace function xuqi.refund_refuse(
    in_token_digest bytea, in_refund_no text, in_reason text, out outcome text, out state text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    asked  refund;
begin
    select * into caller from session_order(
        in_token_digest, (select f.order_no from refund as f where f.refund_no = in_refund_no));
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    asked := refund_locked(in_refund_no);
    state := asked.state;
    outcome := case
        when asked.refund_no is null then 'refund_unknown'
        when asked.state = 'refused' and asked.ended_by = caller.staff_id and asked.decision = in_reason then 'refused'
        when asked.state <> 'asked' then 'refund_state'
        when asked.cause in ('surplus', 'rejection') then 'refund_owed'
        when asked.retry_of is not null and not refund_spent(asked.retry_of) then 'refund_owed'
        else 'refused' end;
    if outcome <> 'refused' or asked.state = 'refused' then
        return;
    end if;
    update refund
       set state = 'refused', decision = in_reason, ended_by = caller.staff_id, ended_at = now()
     where refund_no = in_refund_no;
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'refund.refuse', asked.renewal_no, in_refund_no || ' ' || reason_keep('staff:' || caller.name, asked.renewal_no, in_reason));
    state := 'refused';
end
$$;
