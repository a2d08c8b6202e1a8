-- SPDX-License-Identifier: Apache-2.0
-- What a payout is for, as the audit trail and lists name it: its renewal, the refund that it pays, or the request of finance. Internal.
create or replace function xuqi.payout_subject(in_payout xuqi.payout) returns text
language sql stable set search_path = xuqi, pg_temp as $$
    select coalesce(in_payout.renewal_no, (select refund_no from payout_request where id = in_payout.request_id),
                    'payout_request:' || in_payout.request_id)
$$;
