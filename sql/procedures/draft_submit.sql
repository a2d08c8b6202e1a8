-- SPDX-License-Identifier: Apache-2.0
-- The applicant has uploaded and shown what was asked for: draft -> awaiting_payment, with the whole time to pay before it.
-- Safe to call again. Outcomes: submitted, renewal_unknown, renewal_state, material_missing,
-- identity_missing (missing names the kinds of documents, and identity. before the steps).
create or replace function xuqi.draft_submit(
    in_renewal_no text, out outcome text, out status text, out missing text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r         renewal;
    materials text[];
    steps     text[];
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    materials := material_missing(in_renewal_no);
    steps := identity_missing(in_renewal_no);
    missing := array_to_string(materials || array(select 'identity.' || step from unnest(steps) as step), ' ');
    outcome := case when r.renewal_no is null then 'renewal_unknown'
                    when r.status = 'awaiting_payment'
                         and (r.required_materials <> '{}' or r.required_identity_steps <> '{}') then 'submitted'
                    when r.status <> 'draft' then 'renewal_state'
                    when materials <> '{}' then 'material_missing'
                    when steps <> '{}' then 'identity_missing'
                    else 'submitted' end;
    status := r.status;
    if outcome <> 'submitted' or r.status <> 'draft' then
        return;
    end if;
    update renewal
       set status = 'awaiting_payment', unpaid_close_at = now() + (r.unpaid_close_at - r.submitted_at)
     where renewal_no = in_renewal_no;
    update phone_link set ended_at = clock_timestamp(), ended_by = 'submission'
     where renewal_no = in_renewal_no and ended_at is null;
    perform enqueue('message', 'submitted', in_renewal_no);
    insert into audit_event (actor, action, object) values ('applicant', 'renewal.complete_draft', in_renewal_no);
    status := 'awaiting_payment';
end
$$;
