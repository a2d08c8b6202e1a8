-- SPDX-License-Identifier: Apache-2.0
-- The posting of the gateway's payment that paid an order; null when it was paid by bank transfer. Internal.
create or replace function xuqi.refund_payment(in_order_no text) returns bigint
language sql stable set search_path = xuqi, pg_temp as $$
    select p.id from "order" as o
      join posting as p on p.event_type = 'gateway' and p.event_key = o.paid_gateway || ':' || o.paid_gateway_txn
     where o.order_no = in_order_no
$$;
