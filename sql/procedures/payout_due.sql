-- SPDX-License-Identifier: Apache-2.0
-- Where the money of a payout that goes back to who paid waits: under the refund that it pays, or under finance's request. Internal.
create or replace function xuqi.payout_due(in_request_id bigint) returns bigint
language sql set search_path = xuqi, pg_temp as $$
    select account_open('refund_payable', coalesce(q.refund_no, 'payout:' || q.request_id))
      from payout_request as q where q.id = in_request_id
$$;
