-- SPDX-License-Identifier: Apache-2.0
-- The live session this token opens; no row otherwise. Internal.
create or replace function xuqi.portal_seat(in_token_digest bytea) returns setof xuqi.portal_session
language plpgsql stable rows 1 set search_path = xuqi, pg_temp as $$
begin
    return query
    select seat.*
      from portal_session as seat join portal_account as account on account.id = seat.account_id
     where seat.token_digest = in_token_digest and seat.ended_at is null
       and seat.expires_at > now() and seat.idle_until > now() and account.status = 'active';
end
$$;
