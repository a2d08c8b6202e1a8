-- SPDX-License-Identifier: Apache-2.0
-- A person has looked what became of a payout that the bank does not explain: paid, failed (nothing left our account), or
-- returned. He says by what: a statement line, a receipt, a telephone call. Safe to call again.
-- Outcomes: decided, payout_unknown, payout_state (not with the bank, or decided otherwise).
create or replace function xuqi.payout_decide(
    in_client_id text, in_state text, in_failure text, in_evidence text, in_by text, in_code_days bigint,
    in_success_days bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    it payout;
begin
    perform payout_lock_renewal(in_client_id);
    perform from outbox where topic = 'payout' and event = in_client_id for update;
    select * into it from payout where client_id = in_client_id for update;
    outcome := case when it.client_id is null then 'payout_unknown'
                    when it.state = in_state and (in_state <> 'returned' or it.return_evidence = in_evidence) then 'decided'
                    when in_state = 'returned' and it.state in ('sent', 'paid') then null
                    when it.state <> 'sent' then 'payout_state' end;
    if outcome is not null then
        return;
    end if;
    if in_state = 'returned' then
        outcome := (payout_returned(in_client_id, in_failure, in_evidence, 'operator:' || in_by));
    else
        perform payout_end(in_client_id, in_state, case in_state when 'failed' then in_failure else '' end,
                           'by ' || in_by, in_code_days, in_success_days);
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('operator:' || in_by, 'payout.decide', payout_subject(it), concat_ws(' ', in_client_id, in_state,
            reason_keep('operator:' || in_by, payout_subject(it), in_evidence)));
    outcome := 'decided';
end
$$;
