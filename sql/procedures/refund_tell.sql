-- SPDX-License-Identifier: Apache-2.0
-- A gateway's verified notice about a refund: it is kept, and the gateway is asked. Safe to receive any number of times.
-- in_succeeded: what it says. Outcomes: asked, replayed (as we know it), unasked (no refund of ours: made in the gateway's
-- console, say; kept for a person), mismatch (it contradicts what we know; kept for a person).
create or replace function xuqi.refund_tell(
    in_gateway text, in_refund_no text, in_succeeded boolean, in_raw bytea, in_key_id text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r    refund;
    kept boolean;
begin
    r := refund_locked(in_refund_no);
    outcome := case when r.gateway is distinct from in_gateway then 'unasked'
                    when r.state in ('sent', 'unknown') then 'asked'
                    when (r.state = 'done') = in_succeeded then 'replayed'
                    else 'mismatch' end;
    kept := notice_keep(case outcome when 'unasked' then 'refused' else outcome end,
                        case outcome when 'unasked' then 'refund_not_asked' when 'mismatch' then 'refund is ' || r.state
                                     else '' end,
                        in_gateway, in_refund_no, null, r.amount_fen, null, in_raw, in_key_id, null);
    if kept and outcome in ('unasked', 'mismatch') then
        insert into audit_event (actor, action, object, detail)
        values ('gateway:' || in_gateway, 'refund.' || outcome, in_refund_no, encode(sha256(in_raw), 'hex'));
    end if;
    if outcome = 'asked' then
        perform refund_wake(in_refund_no);
    end if;
end
$$;
