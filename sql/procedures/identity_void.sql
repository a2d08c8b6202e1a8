-- SPDX-License-Identifier: Apache-2.0
-- The provider did not begin, or nobody knows whether it did (reason unknown). Outcomes: voided, stale.
create or replace function xuqi.identity_void(in_check_id bigint, in_reason text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    perform from renewal where renewal_no = (select c.renewal_no from identity_check as c where c.id = in_check_id)
        for update;
    update identity_check set state = 'void', reason = in_reason, decided_at = clock_timestamp()
     where id = in_check_id and state = 'asking';
    outcome := case when found then 'voided' else 'stale' end;
end
$$;
