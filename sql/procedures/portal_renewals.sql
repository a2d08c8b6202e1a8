-- SPDX-License-Identifier: Apache-2.0
-- The renewals that the account of this session has submitted in the web hall, newest first, at most 50. One row with
-- outcome unauthenticated or empty, or rows with outcome found. Safe to call again.
create or replace function xuqi.portal_renewals(in_token_digest bytea)
returns table (outcome text, renewal_no text, status text, platform text, organisation text,
               submitted_at timestamptz, not_after timestamptz)
language plpgsql rows 2 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    seat portal_session;
begin
    select * into seat from portal_seat(in_token_digest);
    if seat.token_digest is null then
        return query
        select 'unauthenticated'::text, null::text, null::text, null::text, null::text, null::timestamptz,
               null::timestamptz;
        return;
    end if;
    perform portal_session_touch(seat);
    return query
    select 'found'::text, r.renewal_no, r.status::text, r.platform, r.organisation, r.submitted_at, r.not_after
      from renewal_portal as p join renewal as r on r.renewal_no = p.renewal_no
     where p.account_id = seat.account_id
     order by r.submitted_at desc, r.renewal_no desc limit 50;
    if not found then
        return query
        select 'empty'::text, null::text, null::text, null::text, null::text, null::timestamptz, null::timestamptz;
    end if;
end
$$;
