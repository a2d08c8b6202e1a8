-- SPDX-License-Identifier: Apache-2.0
-- Takes one page of a document away. Outcomes: removed, renewal_unknown, renewal_state, material_unexpected, material_unknown
-- (also when it was removed before).
create or replace function xuqi.material_remove(in_renewal_no text, in_kind text, in_page bigint, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r renewal;
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    outcome := material_wanted(r, in_kind);
    if outcome is not null then
        return;
    end if;
    delete from material where renewal_no = in_renewal_no and kind = in_kind and page = in_page;
    outcome := case when found then 'removed' else 'material_unknown' end;
    if outcome = 'removed' then
        insert into audit_event (actor, action, object, detail)
        values ('applicant', 'material.remove', in_renewal_no, in_kind || ' ' || in_page);
    end if;
end
$$;
