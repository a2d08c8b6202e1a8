-- SPDX-License-Identifier: Apache-2.0
-- Holds the books against their own rules, the months that are closed, and renewals and certificates; a row per fault,
-- none when all is well. Reads everything: for the night and for tests, not for requests. in_part names one part alone:
-- accounts, postings, periods, business. Internal.
create or replace function xuqi.ledger_check(in_part text default '') returns table (invariant text, detail text)
language plpgsql stable security definer set search_path = xuqi, pg_temp set work_mem = '64MB' as $$
#variable_conflict use_column
begin
    if in_part in ('', 'accounts') then
        return query select * from ledger_check_accounts();
    end if;
    if in_part in ('', 'postings') then
        return query select * from ledger_check_postings();
    end if;
    if in_part in ('', 'periods') then
        return query select * from ledger_check_periods();
    end if;
    if in_part not in ('', 'business') then
        return;
    end if;

    return query
    select 'an order is the sum of its lines', format('order %s', o.order_no)
      from "order" as o
     where o.amount_fen is distinct from (select sum(l.unit_fen * l.quantity) from order_line as l
                                           where l.order_no = o.order_no)
    union all
    select 'an order owes what its state says', format('order %s', o.order_no)
      from "order" as o left join balance as b on b.account_id = o.receivable_id
     where b.debits is distinct from o.amount_fen
        or b.credits is distinct from case o.state when 'unpaid' then 0 else o.amount_fen end
    union all
    select 'a renewal past payment has a paid order', format('renewal %s', r.renewal_no)
      from renewal as r join "order" as o on o.order_no = r.order_no
     where (o.state = 'paid') <> (r.paid_at is not null);

    return query select * from statement_check();

    return query
    select 'a payout''s clearing is what its state says', format('payout %s', p.client_id)
      from payout as p
      left join account as a on a.kind = 'payout_clearing' and a.owner_key = p.client_id
      left join balance as b on b.account_id = a.id
     where coalesce(b.credits - b.debits, 0) <> case when p.state = 'sent' then p.amount_fen
                                                     when p.state = 'queued' then coalesce(b.credits, 0) else 0 end
    union all
    select 'who waits for a certificate has a verified account', format('renewal %s', r.renewal_no)
      from renewal as r
     where r.account_verification <> 'never' and r.status in ('awaiting_install', 'issued', 'completed')
       and not exists (select from account_verification as v where v.renewal_no = r.renewal_no and v.state = 'passed');

    return query
    select 'payer credit is what is to be refunded', format('account %s', b.account_id) -- or came and was not used
      from account as a
      join balance as b on b.account_id = a.id
      left join (select o.payer_credit_id, sum(owed.amount_fen) as amount_fen
                   from (select order_no, amount_fen from surplus
                         union all
                         select order_no, amount_fen from refund_due
                         union all
                         select order_no, amount_fen from refund
                          where cause in ('cancellation', 'staff') and retry_of is null and reserve_id is not null
                         union all
                         select order_no, -amount_fen from refund
                          where reserve_id is not null and state <> 'failed') as owed
                   join "order" as o on o.order_no = owed.order_no
                  group by o.payer_credit_id) as due on due.payer_credit_id = a.id
      left join (select kept.payer_credit_id, sum(kept.fen) as fen
                   from (select payer_credit_id, fen from transfer_match where undone_at is null
                         union all
                         select payer_credit_id, -amount_fen from "order"
                          where state = 'paid' and paid_gateway = 'bank_transfer'
                         union all
                         select payer_credit_id, -fen from payout_request
                          where payer_credit_id is not null and refund_no is null and state <> 'failed') as kept
                  group by kept.payer_credit_id) as kept on kept.payer_credit_id = a.id
     where a.kind = 'payer_credit'
       and b.credits - b.debits <> coalesce(due.amount_fen, 0) + coalesce(kept.fen, 0)
    union all
    select 'what is put aside for orders is there', format('account %s', o.payer_credit_id)
      from "order" as o where o.state = 'unpaid' and o.funded_fen > 0
     group by o.payer_credit_id having credit_free(o.payer_credit_id) < 0
    union all
    select 'a statement line is used for what is written', format('line %s', coalesce(l.id, used.line_id))
      from (select id, taken_fen from statement_line where taken_fen > 0) as l
      full join (select line_id, sum(fen) as fen
                   from (select line_id, fen from transfer_match where undone_at is null
                         union all
                         select line_id, fen from finance_request
                          where kind = 'suspend' and state = 'done' and released_by is null
                         union all
                         select line_id, fen from payout_request where payer_credit_id is null and state <> 'failed'
                         union all
                         select returned_line_id, amount_fen from payout where returned_line_id is not null
                         union all
                         select line_id, amount_fen from settlement where line_id is not null) as uses
                  group by line_id) as used on used.line_id = l.id
     where l.taken_fen is distinct from used.fen
    union all
    select 'a refund payable is what is on its way', format('account %s', b.account_id)
      from account as a join balance as b on b.account_id = a.id
      left join refund as f on f.refund_no = a.owner_key and f.state in ('approved', 'sent', 'unknown', 'awaiting_payout')
       -- of a bank transfer, as long as it is not with its payout
       and not exists (select from payout_request as w join payout as y on y.request_id = w.id
                         join posting as q on q.event_type = 'payout' and q.event_key = y.client_id
                        where w.refund_no = f.refund_no and w.state <> 'failed')
      left join payout_request as p on a.owner_key = 'payout:' || p.request_id and p.state = 'approved'
       -- once it was sent it is with its payout, also while that waits to be sent again
       and not exists (select from payout as y join posting as q on q.event_type = 'payout' and q.event_key = y.client_id
                        where y.request_id = p.id)
     where a.kind = 'refund_payable' and b.credits - b.debits <> coalesce(f.amount_fen, p.fen, 0)
    union all
    select 'a surplus or a rejection is refunded when its refund is', format('refund %s', f.refund_no)
      from refund as f
      left join surplus as s on f.cause = 'surplus' and s.posting_id = f.payment_id
      left join refund_due as d on f.cause = 'rejection' and d.renewal_no = f.renewal_no
     where f.cause in ('surplus', 'rejection')
       and (coalesce(s.state, d.state) = 'refunded')
           <> exists (select from refund as done where done.order_no = f.order_no and done.cause = f.cause
                         and done.payment_id is not distinct from f.payment_id and done.state = 'done')
    union all
    select 'a certificate was paid for', format('issuance %s', i.id)
      from issuance as i join renewal as r on r.renewal_no = i.renewal_no
      left join "order" as o on o.order_no = r.order_no and o.state = 'paid'
     where i.state <> 'abandoned' and o.order_no is null
    union all
    select 'a certificate was approved by enough people', format('issuance %s', i.id)
      from issuance as i join renewal as r on r.renewal_no = i.renewal_no
     where i.state <> 'abandoned'
       and (select count(distinct ap.staff_id) from approval as ap
             where ap.renewal_no = i.renewal_no and ap.voided_at is null
               and ap.content_hash = i.content_hash) < r.reviews_required
    union all
    select 'signed, issued and booked as revenue are the same renewals', format('renewal %s', r.renewal_no)
      from renewal as r
     where (r.status in ('issued', 'completed'),
            r.status in ('issued', 'completed'))
           is distinct from
           (exists (select from issuance as i join certificate as c on c.fingerprint = i.certificate_fingerprint
                     where i.renewal_no = r.renewal_no and i.state = 'signed' and c.renewal_no = r.renewal_no),
            exists (select from posting as p where p.event_type = 'issue' and p.event_key = r.order_no))
    union all
    select 'an abandoned serial is listed', format('issuance %s', i.id)
      from issuance as i
     where (i.state = 'abandoned') <> exists (select from abandoned_serial as s where s.issuance_id = i.id);

    return query
    with sold as materialized (
        select t.posting_id,
               sum(t.amount) filter (where a.kind = 'revenue')::bigint as net,
               sum(t.amount) filter (where a.kind = 'output_tax')::bigint as tax
          from account as a join transfer as t on t.credit_id = a.id
         where a.kind in ('revenue', 'output_tax') group by t.posting_id)
    select 'revenue and output tax are the price split by its rate', format('order %s', o.order_no)
      from posting as p
      join "order" as o on o.order_no = p.event_key
      join renewal as r on r.renewal_no = o.renewal_no
      left join sold as s on s.posting_id = p.id,
           lateral tax_split(o.amount_fen, r.tax_rate_permyriad) as split
     where p.event_type = 'issue'
       and (coalesce(s.net, 0), coalesce(s.tax, 0)) <> (split.net_fen, split.tax_fen);
end
$$;
