-- SPDX-License-Identifier: Apache-2.0
-- What a payout is for, as the audit trail and lists name it: its renewal, or the request it pays back. Internal.
create or replace function xuqi.payout_subject(in_payout xuqi.payout) returns text
language sql immutable as $$
    select coalesce(in_payout.renewal_no, 'payout_request:' || in_payout.request_id)
$$;
