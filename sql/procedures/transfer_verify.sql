-- SPDX-License-Identifier: Apache-2.0
-- Holds a declared transfer that waits against the statement once more. Safe to call again. The answer is the row's state
-- by then: matched, waiting, differs, used, ambiguous; removed when it was deleted meanwhile.
create or replace function xuqi.transfer_verify(
    in_declared_id bigint, in_account text, in_name text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    perform from renewal as r join declared_transfer as d on d.renewal_no = r.renewal_no
     where d.id = in_declared_id for update of r;
    perform from declared_transfer where id = in_declared_id and removed_at is null;
    outcome := case when found then transfer_check(in_declared_id, in_account, in_name) else 'removed' end;
end
$$;
