-- SPDX-License-Identifier: Apache-2.0
-- Holds the books against their own rules and against renewals and certificates; a row per fault, none when all is well.
-- Reads everything: for the night and for tests, not for requests.
create or replace function xuqi.ledger_check() returns table (invariant text, detail text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    return query
    with moved as (
        select account_id, sum(debit)::bigint as debits, sum(credit)::bigint as credits
          from (select debit_id as account_id, amount as debit, 0::bigint as credit from transfer
                union all
                select credit_id, 0, amount from transfer) as side
         group by account_id)
    select 'balance is the sum of its transfers', format('account %s', coalesce(b.account_id, m.account_id))
      from (select balance.* from balance) as b
      full join (select moved.* from moved join account as a on a.id = moved.account_id and a.guarded) as m
        on m.account_id = b.account_id
     where (coalesce(b.debits, 0), coalesce(b.credits, 0)) <> (coalesce(m.debits, 0), coalesce(m.credits, 0))
    union all
    select 'a transfer is between accounts that exist', format('account %s', m.account_id)
      from moved as m where not exists (select from account as a where a.id = m.account_id)
    union all
    select 'a guarded account has a balance', format('account %s', a.id)
      from account as a where a.guarded <> exists (select from balance as b where b.account_id = a.id);

    return query
    select 'a posting has legs', format('posting %s', p.id)
      from posting as p where not exists (select from transfer as t where t.posting_id = p.id)
    union all
    select 'a transfer has a posting', format('transfer %s', t.id)
      from transfer as t where not exists (select from posting as p where p.id = t.posting_id)
    union all
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
    select 'payer credit is what is to be refunded', format('account %s', b.account_id)
      from account as a
      join balance as b on b.account_id = a.id
      left join (select o.payer_credit_id, sum(owed.amount_fen) as amount_fen
                   from (select order_no, amount_fen from surplus where state = 'due'
                         union all
                         select order_no, amount_fen from refund_due where state = 'due') as owed
                   join "order" as o on o.order_no = owed.order_no
                  group by o.payer_credit_id) as due on due.payer_credit_id = a.id
     where a.kind = 'payer_credit' and b.credits - b.debits <> coalesce(due.amount_fen, 0)
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
end
$$;
