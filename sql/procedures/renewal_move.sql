-- SPDX-License-Identifier: Apache-2.0
-- Moves a renewal on when its payment or its last approval has come, through every state its platform skips: without
-- reviews a payment leads through awaiting_review; and past an account verification that a transfer has made unnecessary.
-- The caller holds the row's lock. Internal; answers the new state.
create or replace function xuqi.renewal_move(in_renewal_no text) returns xuqi.renewal_state
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    r renewal;
begin
    update renewal
       set status = 'awaiting_review', paid_at = now(), unpaid_close_at = null
     where renewal_no = in_renewal_no and status = 'awaiting_payment';
    select * into strict r from renewal where renewal_no = in_renewal_no;
    if r.status = 'awaiting_review' and r.reviews_done >= r.reviews_required then
        update renewal
           set status = case when r.account_verification = 'never'
                                  or (r.account_verification = 'when_paid_online' and renewal_proven(in_renewal_no)) then 'awaiting_install'::renewal_state
                             else 'awaiting_account' end,
               decided_at = now(), claimed_by = null, claimed_at = null, claimed_until = null
         where renewal_no = in_renewal_no
        returning status into r.status;
    end if;
    return r.status;
end
$$;
