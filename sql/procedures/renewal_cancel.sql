-- SPDX-License-Identifier: Apache-2.0
-- The applicant withdraws before paying: cancelled at once, the invoice reversed. Payment attempts stay as they are: what
-- is still paid on them is surplus. Safe to call again.
-- Outcomes: cancelled, refund_needed (paid: nothing is done here, a refund is asked for), renewal_unknown,
-- renewal_state.
create or replace function xuqi.renewal_cancel(in_renewal_no text, out outcome text, out status text, out platform text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    select r.status::text, r.platform into status, platform
      from renewal as r where r.renewal_no = in_renewal_no for update;
    outcome := case
        when status is null then 'renewal_unknown'
        when status in ('draft', 'awaiting_payment', 'cancelled') then 'cancelled'
        when status in ('awaiting_review', 'returned', 'awaiting_account', 'awaiting_install') then 'refund_needed'
        else 'renewal_state' end;
    if outcome <> 'cancelled' or status = 'cancelled' then
        return;
    end if;
    update renewal set status = 'cancelled', decided_at = now() where renewal_no = in_renewal_no;
    perform order_cancel(in_renewal_no, 'applicant');
    perform enqueue('message', 'cancelled', in_renewal_no);
    insert into audit_event (actor, action, object) values ('applicant', 'renewal.cancel', in_renewal_no);
    status := 'cancelled';
end
$$;
