-- SPDX-License-Identifier: Apache-2.0
-- A refund, read under its renewal's lock, which every change of a refund holds. Null when there is none. Internal.
create or replace function xuqi.refund_locked(in_refund_no text) returns xuqi.refund
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    found_one refund;
begin
    perform from renewal as n join refund as f on f.renewal_no = n.renewal_no
      where f.refund_no = in_refund_no for update of n;
    select * into found_one from refund where refund_no = in_refund_no; -- not before: it may have changed meanwhile
    return found_one;
end
$$;
