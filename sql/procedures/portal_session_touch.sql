-- SPDX-License-Identifier: Apache-2.0
-- A live session was used: its idle end, moved when that is by more than a tenth of the idle time. Internal.
create or replace function xuqi.portal_session_touch(in_seat xuqi.portal_session) returns timestamptz
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    later timestamptz := least(in_seat.expires_at, now() + make_interval(secs => in_seat.idle_s));
begin
    if later <= in_seat.idle_until + make_interval(secs => in_seat.idle_s / 10.0) then
        return in_seat.idle_until;
    end if;
    update portal_session set idle_until = later where token_digest = in_seat.token_digest;
    return later;
end
$$;
