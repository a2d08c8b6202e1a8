-- SPDX-License-Identifier: Apache-2.0
-- Somebody came back from the provider with this token: a reason to look now, never a result. Outcomes: hurried, unknown
-- (no open check has it; the caller is told the same).
create or replace function xuqi.identity_hurry(in_token_digest bytea, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    update identity_check set next_look_at = least(next_look_at, clock_timestamp())
     where token_digest = in_token_digest and state = 'open';
    outcome := case when found then 'hurried' else 'unknown' end;
end
$$;
