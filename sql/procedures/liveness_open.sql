-- SPDX-License-Identifier: Apache-2.0
-- The provider has begun: from now on its result is looked for. Outcomes: opened, stale (somebody has given up on it).
create or replace function xuqi.liveness_open(
    in_check_id bigint, in_token_digest bytea, in_token_sealed bytea, in_url_sealed bytea, in_expires_at timestamptz,
    out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    perform from renewal where renewal_no = (select c.renewal_no from identity_check as c where c.id = in_check_id)
        for update;
    update identity_check
       set state = 'open', token_digest = in_token_digest, token_sealed = in_token_sealed, url_sealed = in_url_sealed,
           expires_at = in_expires_at, next_look_at = clock_timestamp() + interval '3 seconds'
     where id = in_check_id and state = 'asking';
    outcome := case when found then 'opened' else 'stale' end;
end
$$;
