-- SPDX-License-Identifier: Apache-2.0
-- What the payer's page shows: the orders of a renewal, newest first, one row per fee line. No row when there is no such
-- renewal. The invoice, recipient and time limit are the renewal's and the same in each row. Reads only.
create or replace function xuqi.renewal_order(in_renewal_no text)
returns table (renewal_no text, status text, platform text, subject text, recipient_masked text, invoice_kind text,
               invoice_title text, invoice_tax_id text, payment_methods text, pay_until timestamptz, order_no text,
               state text, refund_state text, amount_fen bigint, created_at timestamptz, paid_at timestamptz,
               paid_gateway text, line bigint, fee_name text, unit_fen bigint, quantity bigint, account text)
language plpgsql stable rows 2 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    select r.renewal_no, r.status::text, r.platform, r.subject, p.recipient_masked, r.invoice_kind, r.invoice_title,
           r.invoice_tax_id, array_to_string(r.payment_methods, ' '),
           case when r.status in ('draft', 'awaiting_payment') then r.unpaid_close_at end, o.order_no, o.state,
           case when back.done >= o.amount_fen then 'refunded' when back.under_way then 'refunding'
                when back.done > 0 then 'part_refunded' else '' end, o.amount_fen, o.created_at, o.paid_at,
           o.paid_gateway, l.line, l.name, l.unit_fen, l.quantity,
           case when r.account_verification <> 'never' then account_progress(r.renewal_no) end
      from renewal as r
      cross join renewal_personal(r.renewal_no) as p
      join "order" as o on o.renewal_no = r.renewal_no
      cross join lateral (
           select coalesce(sum(f.amount_fen) filter (where f.state = 'done'), 0) as done,
                  coalesce(bool_or(f.state <> 'done'), false) as under_way
             from refund as f
            where f.order_no = o.order_no and f.cause <> 'surplus' and f.state <> 'refused') as back
      join order_line as l on l.order_no = o.order_no
     where r.renewal_no = in_renewal_no
     order by o.created_at desc, o.order_no desc, l.line;
end
$$;
