-- SPDX-License-Identifier: Apache-2.0
-- Reminds the applicant that something is to be corrected; after the third time nothing more is sent, and the audit trail
-- says that a person should call. The caller holds the row's lock. Internal.
create or replace function xuqi.renewal_remind(in_renewal_no text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    r renewal;
begin
    update renewal
       set reminders = reminders + 1,
           remind_at = case when reminders + 1 < 3 then now() + interval '7 days' end
     where renewal_no = in_renewal_no
    returning * into r;
    perform enqueue('message', 'reminder', in_renewal_no, r.returns || '.' || r.reminders);
    insert into audit_event (actor, action, object, detail)
    values ('system', case when r.remind_at is null then 'renewal.overdue' else 'renewal.remind' end, in_renewal_no,
            r.reminders::text);
end
$$;
