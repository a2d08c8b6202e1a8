-- SPDX-License-Identifier: Apache-2.0
-- What of this month and before is not explained yet, and so keeps the month open. Internal.
create or replace function xuqi.ledger_unexplained(in_month date) returns table (item text, detail text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
begin
    return query
    select 'a payment attempt is unknown', format('attempt %s at %s', a.attempt_no, a.gateway)
      from payment_attempt as a where a.state = 'unknown' and a.created_at < period_end(in_month)
    union all
    select 'a payout is unknown', format('payout %s at %s', p.client_id, p.bank)
      from payout as p where p.state = 'sent' and p.sent_at < period_end(in_month)
    union all
    select 'a difference from a gateway''s bill', format('%s %s of %s', d.rail, d.gateway_id, d.day)
      from match_difference as d
     where d.state in ('waiting', 'open') and bill_day_start(d.rail, d.day) < period_end(in_month)
    union all
    select 'a gateway''s bill is missing', format('%s %s', b.rail, b.day)
      from bill_day as b where b.state = 'missing' and bill_day_start(b.rail, b.day) < period_end(in_month)
    union all
    select 'a statement says otherwise than before', format('change %s, %s', c.id, c.reason)
      from statement_change as c join statement_import as i on i.id = c.import_id
     where c.state = 'open' and i.first_on < (in_month + interval '1 month')::date
    union all
    select 'a refund is unknown', format('refund %s at %s', f.refund_no, f.gateway)
      from refund as f where f.state = 'unknown' and f.sent_at < period_end(in_month);
end
$$;
