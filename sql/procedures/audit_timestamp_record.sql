-- SPDX-License-Identifier: Apache-2.0
-- Keeps a time stamp that the server has verified, one for each checkpoint: of two that were asked for at once the first
-- stays. Outcomes: recorded, checkpoint_unknown. Safe to call again. Not an event: the tree would never be at rest.
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
    outcome := 'recorded';
end
$$;
