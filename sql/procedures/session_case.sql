-- SPDX-License-Identifier: Apache-2.0
-- Who is asking at the review desk about one case. Outcomes: ok, unauthenticated, forbidden, platform_forbidden (it is of a
-- platform that is not theirs). A case that does not exist is ok: who asks finds out by himself. Internal.
create or replace function xuqi.session_case(
    in_token_digest bytea, in_renewal_no text, out outcome text, out staff_id bigint, out name text, out display_name text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    select s.outcome, s.staff_id, s.name, s.display_name into outcome, staff_id, name, display_name
      from session_reviewer(in_token_digest) as s;
    if outcome = 'ok' and exists (
        select from renewal as r join staff as person on person.id = session_case.staff_id
         where r.renewal_no = in_renewal_no and not staff_may(person.platforms, r.platform)) then
        outcome := 'platform_forbidden';
    end if;
end
$$;
