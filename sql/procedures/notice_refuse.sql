-- SPDX-License-Identifier: Apache-2.0
-- Keeps a notice that failed its checks, once per content. Never books. Safe to call again.
-- Outcomes: recorded, known.
create or replace function xuqi.notice_refuse(
    in_gateway text, in_reason text, in_attempt_no text, in_gateway_txn text, in_raw bytea, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    insert into payment_notice (gateway, digest, verdict, reason, attempt_no, gateway_txn, raw)
    values (in_gateway, sha256(in_raw), 'refused', in_reason, in_attempt_no, in_gateway_txn, in_raw)
        on conflict (gateway, digest, verdict) do nothing;
    if not found then
        outcome := 'known';
        return;
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('gateway:' || in_gateway, 'notice.refuse', encode(sha256(in_raw), 'hex'), in_reason);
    outcome := 'recorded';
end
$$;
