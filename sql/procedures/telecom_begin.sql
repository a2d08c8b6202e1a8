-- SPDX-License-Identifier: Apache-2.0
-- The applicant wants his mobile number checked (again): looked at by jobs at once. Safe to call again.
-- Outcomes: asked, live, passed, manual, renewal_unknown, renewal_state, identity_unexpected, identity_daily.
create or replace function xuqi.telecom_begin(
    in_renewal_no text, in_provider text, in_daily bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    outcome := (identity_begin(in_renewal_no, 'telecom', in_provider, in_daily)).outcome;
end
$$;
