-- SPDX-License-Identifier: Apache-2.0
-- Lets the reviewer who holds a case see named personal data in plain, for a reason and so many times a day (Beijing's).
-- What is asked and why is on the audit trail before anything is answered.
-- Outcomes: ok, unauthenticated, forbidden, platform_forbidden, renewal_unknown, case_not_claimed, unmasking_limit.
create or replace function xuqi.review_unmask(
    in_token_digest bytea, in_renewal_no text, in_fields text[], in_reason text, in_per_day bigint,
    out outcome text, out evidence_sha256 bytea, out personal_sealed bytea)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    r      renewal;
begin
    select * into caller from session_case(in_token_digest, in_renewal_no);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    perform from staff where id = caller.staff_id for update; -- two at once must not both be the last of the day
    select * into r from renewal where renewal_no = in_renewal_no for share;
    outcome := case
        when r.renewal_no is null then 'renewal_unknown'
        when not review_holds(r, caller.staff_id) then 'case_not_claimed'
        when (select count(*) from unmasking
               where staff_id = caller.staff_id
                 and at >= date_trunc('day', now(), 'Asia/Shanghai')) >= in_per_day then 'unmasking_limit' end;
    if outcome is not null then
        return;
    end if;
    insert into unmasking (staff_id, renewal_no, fields, reason)
    values (caller.staff_id, in_renewal_no, in_fields, in_reason);
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'personal.unmask', in_renewal_no,
            array_to_string(in_fields, ' ') || ': ' || reason_keep('staff:' || caller.name, in_renewal_no, in_reason));
    select 'ok', p.evidence_sha256, p.personal_sealed into outcome, evidence_sha256, personal_sealed
      from renewal_personal(in_renewal_no) as p;
end
$$;
