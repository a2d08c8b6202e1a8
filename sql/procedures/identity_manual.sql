-- SPDX-License-Identifier: Apache-2.0
-- The provider cannot judge this one: the reviewer does. For a check being asked. Outcomes: manual, stale.
create or replace function xuqi.identity_manual(in_check_id bigint, in_reason text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r renewal;
begin
    select * into r from renewal
     where renewal_no = (select c.renewal_no from identity_check as c where c.id = in_check_id) for update;
    update identity_check
       set state = case when r.status in ('draft', 'returned') then 'manual' else 'void' end, reason = in_reason,
           decided_at = clock_timestamp()
     where id = in_check_id and state = 'asking';
    outcome := case when found then 'manual' else 'stale' end;
end
$$;
