-- SPDX-License-Identifier: Apache-2.0
-- What of this month and before is not explained yet, and so keeps the month open. Internal.
create or replace function xuqi.ledger_unexplained(in_month date) returns table (item text, detail text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return query
    select 'a payment attempt is unknown', format('attempt %s at %s', a.attempt_no, a.gateway)
      from payment_attempt as a where a.state = 'unknown' and a.created_at < period_end(in_month)
    union all
    select 'a refund is unknown', format('refund %s at %s', f.refund_no, f.gateway)
      from refund as f where f.state = 'unknown' and f.sent_at < period_end(in_month);
end
$$;
