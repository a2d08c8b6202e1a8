-- SPDX-License-Identifier: Apache-2.0
-- Locks all that a request of finance is about: the renewal, then the line, then the payer's balance. Internal.
create or replace function xuqi.finance_lock(in_line_id bigint, in_order_no text, in_match_id bigint) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    it transfer_match;
begin
    select * into it from transfer_match where id = in_match_id;
    perform from renewal as r join "order" as o on o.renewal_no = r.renewal_no
      where o.order_no = coalesce(in_order_no, it.order_no) for update of r;
    perform from statement_line where id = coalesce(in_line_id, it.line_id) for update;
    perform from balance where account_id = it.payer_credit_id for update;
end
$$;
