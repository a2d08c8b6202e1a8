-- SPDX-License-Identifier: Apache-2.0
-- No result yet: look again after some seconds. Only the holder of the current lease. Outcomes: waiting, stale.
create or replace function xuqi.identity_again(
    in_check_id bigint, in_lease_token bigint, in_after_s bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    update identity_check
       set next_look_at = clock_timestamp() + make_interval(secs => in_after_s), lease_until = null
     where id = in_check_id and lease_token = in_lease_token and state = 'open';
    outcome := case when found then 'waiting' else 'stale' end;
end
$$;
