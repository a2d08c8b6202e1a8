-- SPDX-License-Identifier: Apache-2.0
-- May this device go on with this link? Answers ok, phone_link_invalid, phone_link_used (by another device), phone_link_over
-- (a newer one, submitted; or the telephone itself has finished, unless in_finished) or phone_link_expired. Internal.
create or replace function xuqi.phone_link_verdict(in_link xuqi.phone_link, in_device_digest bytea, in_finished boolean)
returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return case
        when in_link.id is null then 'phone_link_invalid'
        when in_link.device_digest <> in_device_digest then 'phone_link_used'
        when in_link.ended_by = 'phone' and in_finished and in_link.device_digest = in_device_digest then 'ok'
        when in_link.ended_at is not null then 'phone_link_over'
        when in_link.expires_at <= clock_timestamp() then 'phone_link_expired'
        else 'ok' end;
end
$$;
