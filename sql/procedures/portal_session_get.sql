-- SPDX-License-Identifier: Apache-2.0
-- Whose session this is. Moves the idle end, but writes only when it moved by more than a tenth of the idle time.
-- Outcomes: ok, unauthenticated. Safe to call again. No audit event: it is every click.
create or replace function xuqi.portal_session_get(
    in_token_digest bytea,
    out outcome text, out name text, out mobile_masked text, out proof text, out expires_at timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    seat portal_session;
begin
    select * into seat from portal_seat(in_token_digest);
    if seat.token_digest is null then
        outcome := 'unauthenticated';
        return;
    end if;
    expires_at := portal_session_touch(seat);
    outcome := 'ok';
    proof := seat.proof;
    select a.name, a.mobile_masked into strict name, mobile_masked from portal_account as a where a.id = seat.account_id;
end
$$;
