-- SPDX-License-Identifier: Apache-2.0
-- What jobs needs to ask a gateway about an attempt; no row when there is none. read_at: anything wanted later is not
-- answered by what the gateway says now. close: it is not wanted any more. Reads only.
create or replace function xuqi.payment_query_begin(in_attempt_no text)
returns table (method text, gateway text, renewal_no text, order_no text, amount_fen bigint, created_at timestamptz,
               expires_at timestamptz, read_at timestamptz, close boolean)
language plpgsql rows 1 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select a.method, a.gateway, o.renewal_no, a.order_no, a.amount_fen, a.created_at, a.expires_at,
           clock_timestamp(), a.close_at is not null
      from payment_attempt as a join "order" as o on o.order_no = a.order_no
     where a.attempt_no = in_attempt_no;
end
$$;
