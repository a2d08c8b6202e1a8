-- SPDX-License-Identifier: Apache-2.0
-- Says in the row that a refund is owed for how far it has come: due, approved, refunded. Internal.
create or replace function xuqi.refund_mark(in_refund xuqi.refund, in_state text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    update surplus set state = in_state where in_refund.cause = 'surplus' and posting_id = in_refund.payment_id;
    update refund_due set state = in_state where in_refund.cause = 'rejection' and renewal_no = in_refund.renewal_no;
end
$$;
