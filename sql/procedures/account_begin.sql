-- SPDX-License-Identifier: Apache-2.0
-- A renewal's last approval has come and its account is to be verified: the payout is under way with it. The caller
-- holds the row's lock. Internal.
create or replace function xuqi.account_begin(in_renewal_no text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    insert into account_verification (renewal_no, state) values (in_renewal_no, 'paying');
    perform payout_queue(in_renewal_no);
end
$$;
