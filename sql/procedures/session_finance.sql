-- SPDX-License-Identifier: Apache-2.0
-- Who is asking at the finance desk. Outcomes: ok, unauthenticated, forbidden. Internal.
create or replace function xuqi.session_finance(in_token_digest bytea, out outcome text, out staff_id bigint, out name text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    select s.outcome, s.staff_id, s.name into outcome, staff_id, name from session_of(in_token_digest, array['finance']) as s;
end
$$;
