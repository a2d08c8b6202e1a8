-- SPDX-License-Identifier: Apache-2.0
-- Who is asking at the review desk. Outcomes: ok, unauthenticated, forbidden. Internal.
create or replace function xuqi.session_reviewer(
    in_token_digest bytea, out outcome text, out staff_id bigint, out name text, out display_name text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    select s.outcome, s.staff_id, s.name, s.display_name into outcome, staff_id, name, display_name
      from session_of(in_token_digest, array['reviewer', 'senior_reviewer']) as s;
end
$$;
