-- SPDX-License-Identifier: Apache-2.0
-- 点击删除此银行转账信息: takes a declared transfer back that no money was found for. Safe to call again.
-- Outcomes: removed, transfer_unknown, transfer_matched (its money has been found and credited).
create or replace function xuqi.transfer_remove(in_renewal_no text, in_declared_id bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    it declared_transfer;
begin
    perform from renewal where renewal_no = in_renewal_no for update;
    select * into it from declared_transfer where renewal_no = in_renewal_no and id = in_declared_id for update;
    outcome := case when it.id is null then 'transfer_unknown'
                    when it.state = 'matched' then 'transfer_matched'
                    else 'removed' end;
    if outcome = 'removed' and it.removed_at is null then
        update declared_transfer set removed_at = now() where id = it.id;
        insert into audit_event (actor, action, object, detail)
        values ('applicant', 'transfer.remove', in_renewal_no, format('transfer %s', it.id));
    end if;
end
$$;
