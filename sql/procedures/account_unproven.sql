-- SPDX-License-Identifier: Apache-2.0
-- A match that proved the company's account is undone: unless another one stands, the proof is gone. A renewal that waits for
-- its certificate waits for its account again, and the 0.01 yuan is under way; one whose certificate is made or being made is a
-- person's (audit event account.unproven_late). The caller holds the renewal's lock and has undone the match. Internal.
create or replace function xuqi.account_unproven(in_renewal_no text, in_evidence text, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    r renewal;
    v account_verification;
begin
    select * into r from renewal where renewal_no = in_renewal_no;
    select * into v from account_verification where renewal_no = in_renewal_no for update;
    if v.proof is distinct from 'transfer'
       or exists (select from transfer_match where renewal_no = in_renewal_no and proves and undone_at is null) then
        return;
    end if;
    if r.status in ('issued', 'completed')
       or exists (select from issuance as i where i.renewal_no = in_renewal_no and i.state in ('intended', 'signed')) then
        insert into audit_event (actor, action, object, detail)
        values (in_actor, 'account.unproven_late', in_renewal_no, in_evidence);
        return;
    end if;
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'account.unproven', in_renewal_no, in_evidence);
    if r.status = 'awaiting_install' then
        update renewal set status = 'awaiting_account' where renewal_no = in_renewal_no;
        perform payout_queue(in_renewal_no);
    end if;
end
$$;
