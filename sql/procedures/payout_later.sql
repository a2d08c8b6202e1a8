-- SPDX-License-Identifier: Apache-2.0
-- The next look at a payout. Waiting is no failure, so that tries begin anew. Internal.
create or replace function xuqi.payout_later(in_id bigint, in_at timestamptz, in_why text) returns void
language sql set search_path = xuqi, pg_temp as $$
    update outbox set state = 'ready', lease_until = null, attempts = 0, run_at = in_at, last_error = left(in_why, 100)
     where id = in_id
$$;
