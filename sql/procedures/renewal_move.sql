-- SPDX-License-Identifier: Apache-2.0
-- Moves a renewal on when its payment or its last approval has come, through every state its platform skips: without
-- reviews a payment leads through awaiting_review. Where the account is to be verified its payout is under way with
-- the move, unless a transfer from the company's own account has proven it. What needs no reviewer may be drawn to be
-- looked at afterwards. The caller holds the row's lock. Internal; answers the new state.
create or replace function xuqi.renewal_move(in_renewal_no text) returns xuqi.renewal_state
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    r      renewal;
    proven boolean;
begin
    update renewal
       set status = 'awaiting_review', paid_at = now(), unpaid_close_at = null
     where renewal_no = in_renewal_no and status = 'awaiting_payment';
    select * into strict r from renewal where renewal_no = in_renewal_no;
    if r.status = 'awaiting_review' and r.reviews_done >= r.reviews_required then
        if renewal_proven(in_renewal_no) then
            perform account_proven_by_transfer(in_renewal_no, 'paid from its own account', 'server');
        end if;
        proven := r.account_verification = 'never'
                  or exists (select from account_verification where renewal_no = in_renewal_no and state = 'passed');
        update renewal
           set status = case when proven then 'awaiting_install'::renewal_state else 'awaiting_account' end,
               decided_at = now(), claimed_by = null, claimed_at = null, claimed_until = null
         where renewal_no = in_renewal_no
        returning status into r.status;
        if not proven then
            perform account_begin(in_renewal_no);
        end if;
        if r.reviews_required = 0 then
            perform review_pass(in_renewal_no);
        end if;
    end if;
    return r.status;
end
$$;
