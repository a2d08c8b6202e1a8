-- SPDX-License-Identifier: Apache-2.0
-- The company paid by transfer from its own account: that is the proof, where the platform asks for one only when it was
-- paid online. Call it in the transaction that matches the money, before or after the payment is booked; the caller
-- holds the renewal's lock. in_evidence names the statement line. A payout not yet sent is taken back; one that is with
-- the bank goes on and is booked, but decides nothing. Safe to call again. Internal; answers whether the transfer counts.
create or replace function xuqi.account_proven_by_transfer(in_renewal_no text, in_evidence text, in_actor text)
returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    r    renewal;
    held payout;
begin
    select * into strict r from renewal where renewal_no = in_renewal_no;
    if r.account_verification <> 'when_paid_online' then
        return false;
    end if;
    if exists (select from account_verification where renewal_no = in_renewal_no and state = 'passed') then
        return true;
    end if;
    select * into held from payout
     where renewal_no = in_renewal_no and purpose = 'verification' and state = 'queued' for update;
    if found then
        perform payout_end(held.client_id, 'failed', 'not_needed', 'paid by transfer');
    end if;
    insert into account_verification (renewal_no, state, proof) values (in_renewal_no, 'passed', 'transfer')
        on conflict (renewal_no) do nothing;
    perform account_pass(in_renewal_no, 'transfer', in_actor);
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'account.transfer', in_renewal_no, in_evidence);
    return true;
end
$$;
