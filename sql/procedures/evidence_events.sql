-- SPDX-License-Identifier: Apache-2.0
-- The events of a renewal, its orders, payments and refunds. Reads only.
create or replace function xuqi.evidence_events(in_renewal_no text) returns table (event_id bigint)
language sql stable security definer set search_path = xuqi, pg_temp as $$
    select e.id from audit_event as e
     where e.object in (
        select in_renewal_no
        union all select o.order_no from "order" as o where o.renewal_no = in_renewal_no
        union all select p.attempt_no from payment_attempt as p join "order" as o on o.order_no = p.order_no
                   where o.renewal_no = in_renewal_no
        union all select f.refund_no from refund as f where f.renewal_no = in_renewal_no)
     order by e.id
$$;
