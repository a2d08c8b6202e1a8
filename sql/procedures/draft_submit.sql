-- SPDX-License-Identifier: Apache-2.0
-- The applicant has uploaded what was asked for: draft -> awaiting_payment, with the whole time to pay before it.
-- Safe to call again. Outcomes: submitted, renewal_unknown, renewal_state, material_missing (missing names the kinds).
create or replace function xuqi.draft_submit(
    in_renewal_no text, out outcome text, out status text, out missing text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r renewal;
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    missing := array_to_string(material_missing(in_renewal_no), ' ');
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when r.status = 'awaiting_payment' and r.required_materials <> '{}' then 'submitted'
                    when r.status <> 'draft' then 'renewal_state'
                    when missing <> '' then 'material_missing'
                    else 'submitted' end;
    status := r.status;
    if outcome <> 'submitted' or r.status <> 'draft' then
        return;
    end if;
    update renewal
       set status = 'awaiting_payment', unpaid_close_at = now() + (r.unpaid_close_at - r.submitted_at)
     where renewal_no = in_renewal_no;
    perform enqueue('message', 'submitted', in_renewal_no);
    insert into audit_event (actor, action, object) values ('applicant', 'renewal.complete_draft', in_renewal_no);
    status := 'awaiting_payment';
end
$$;
