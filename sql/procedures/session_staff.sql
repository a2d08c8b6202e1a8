-- SPDX-License-Identifier: Apache-2.0
-- The active member of staff whose live session this token opens; no row otherwise. Internal.
create or replace function xuqi.session_staff(in_token_digest bytea) returns setof xuqi.staff
language plpgsql stable rows 1 set search_path = xuqi, pg_temp as $$
begin
    return query
    select person.*
      from staff_session as seat join staff as person on person.id = seat.staff_id
     where seat.token_digest = in_token_digest and seat.ended_at is null
       and seat.expires_at > now() and seat.idle_until > now() and person.status = 'active';
end
$$;
