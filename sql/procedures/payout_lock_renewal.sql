-- SPDX-License-Identifier: Apache-2.0
-- Locks the renewal that a payout is about, if it is about one: its own, or that of the refund that it pays. Before the payout's
-- outbox row and the payout itself, in the order that everybody keeps. Internal.
create or replace function xuqi.payout_lock_renewal(in_client_id text) returns void
language sql set search_path = xuqi, pg_temp as $$
    select from renewal
     where renewal_no = (select coalesce(p.renewal_no, f.renewal_no)
                           from payout as p
                           left join payout_request as q on q.id = p.request_id
                           left join refund as f on f.refund_no = q.refund_no
                          where p.client_id = in_client_id)
       for update
$$;
