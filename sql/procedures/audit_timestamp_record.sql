-- SPDX-License-Identifier: Apache-2.0
-- Keeps a time stamp that the server has verified, one for each checkpoint: of two that were asked for at once the first
-- stays. The event that says so has the token's hash, so that a token that is taken away is missed; no stamp is asked for because of
-- it alone (audit_timestamp_due). Outcomes: recorded, checkpoint_unknown. Safe to call again.
create or replace function xuqi.audit_timestamp_record(
    in_size bigint, in_token bytea, in_stamped_at timestamptz, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    if not exists (select from audit_checkpoint where size = in_size) then
        outcome := 'checkpoint_unknown';
        return;
    end if;
    insert into audit_timestamp (size, token, stamped_at) values (in_size, in_token, in_stamped_at)
        on conflict (size) do nothing;
    if found then
        insert into audit_event (actor, action, object, detail)
        values ('jobs', 'audit.timestamp', 'checkpoint:' || in_size, encode(sha256(in_token), 'hex'));
    end if;
    outcome := 'recorded';
end
$$;
