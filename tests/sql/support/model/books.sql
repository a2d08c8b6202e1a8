-- SPDX-License-Identifier: Apache-2.0
-- What a walk through the books looks at: the facts about one renewal, what an operation has posted, and faults in what it
-- touched. From the tables alone, as invariants.sql. In PL/pgSQL, which plans them once, not at every operation.

-- What an account of the credit side holds, from the transfers.
create function model.held(account bigint) returns bigint language sql stable as $$
    select coalesce(sum(case when credit_id = account then amount else -amount end), 0)::bigint
      from xuqi.transfer where account in (debit_id, credit_id)
$$;

create function model.subject(no text) returns jsonb language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
    return (select to_jsonb(facts) from (
        select r.renewal_no as no, r.status, r.order_no, o.state as order_state, o.amount_fen as amount, o.funded_fen as funded,
               o.attempts as spent, o.paid_gateway, o.paid_gateway_txn, o.invoice_state, o.invoice_number, r.platform,
               r.payment_methods as methods, r.tax_rate_permyriad as rate, r.account_verification as account, r.organisation,
               r.reviews_required as reviews, r.reviews_done as done, r.unpaid_close_at < now() as overdue,
               a.owner_key as payer, model.held(a.id) as credit,
               (select coalesce(sum(funded_fen), 0) from xuqi."order" where payer_credit_id = a.id and state = 'unpaid') as aside,
               (select coalesce(sum(due.amount_fen), 0)
                  from (select order_no, amount_fen from xuqi.surplus where state = 'due'
                        union all select order_no, amount_fen from xuqi.refund_due where state = 'due') as due
                  join xuqi."order" as d using (order_no) where d.payer_credit_id = a.id) as owed,
               (select coalesce(jsonb_agg(jsonb_build_object('no', p.attempt_no, 'gateway', p.gateway, 'state', p.state, 'amount', p.amount_fen,
                                                             'queried', p.queried, 'closing', p.close_at is not null,
                                                             'young', p.created_at > now() - interval '30 minutes',
                                                             'alive', p.created_at > now() - interval '25 hours',
                                                             'said', p.asked, 'opened', date_trunc('second', p.created_at))
                                          order by p.created_at, p.attempt_no), '[]')
                  from xuqi.payment_attempt as p where p.order_no = o.order_no) as attempts,
               (select coalesce(jsonb_agg(jsonb_build_object('no', f.refund_no, 'state', f.state, 'cause', f.cause, 'amount', f.amount_fen,
                                                             'payment', f.payment_id, 'retry', f.retry_of) order by f.refund_no), '[]')
                  from xuqi.refund as f where f.order_no = o.order_no) as refunds,
               (select array_agg(s.name order by s.name) from xuqi.approval as v join xuqi.staff as s on s.id = v.staff_id
                 where v.renewal_no = no and v.voided_at is null) as approvals,
               (select s.name from xuqi.staff as s where s.id = r.claimed_by and r.claimed_until > now()) as claim,
               (select i.state from xuqi.issuance as i where i.renewal_no = no and i.state <> 'abandoned') as issuance,
               exists (select from xuqi.certificate as c where c.renewal_no = no and c.revoked_at is not null) as revoked,
               (select to_jsonb(v) - array['account_sealed'] || jsonb_build_object('late', v.expires_at <= now())
                  from xuqi.account_verification as v where v.renewal_no = no) as verification,
               (select jsonb_build_object('id', p.client_id, 'state', p.state, 'number', p.number, 'tries', p.tries, 'asked', p.asked,
                                          'booked', exists (select from xuqi.posting where event_type = 'payout' and event_key = p.client_id))
                  from xuqi.payout as p where p.renewal_no = no order by p.number desc limit 1) as payout
          from xuqi.renewal as r join xuqi."order" as o on o.order_no = r.order_no
          join xuqi.account as a on a.id = o.payer_credit_id
         where r.renewal_no = no) as facts);
end
$$;

-- The postings after this one, each as "event leg leg …", a leg as debit>credit=fen with each account as kind:owner; the
-- matches made since, and what is wrong with the renewals and lines they touched or the one that is named.
create function model.news(after_posting bigint, after_match bigint, no text, out last bigint, out postings text, out matches jsonb,
                           out last_match bigint, out faults text)
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
    touched text[];
begin
    select coalesce(max(id), after_posting), coalesce(string_agg(told, '; ' order by told collate "C"), '') into last, postings
      from (select p.id, p.event_type || ' ' || string_agg(format('%s:%s>%s:%s=%s', d.kind, d.owner_key, c.kind, c.owner_key, t.amount), ' ' order by t.leg) as told
              from xuqi.posting as p join xuqi.transfer as t on t.posting_id = p.id
              join xuqi.account as d on d.id = t.debit_id join xuqi.account as c on c.id = t.credit_id
             where p.id > after_posting group by p.id) as posted;
    select coalesce(max(m.id), after_match), coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'no', m.renewal_no, 'order', m.order_no, 'fen', m.fen,
               'rule', m.rule, 'line', l.line_key, 'account', a.account_no, 'payer', c.owner_key) order by m.id), '[]')
      into last_match, matches
      from xuqi.transfer_match as m join xuqi.statement_line as l on l.id = m.line_id
      join xuqi.collecting_account as a on a.id = l.collecting_account_id join xuqi.account as c on c.id = m.payer_credit_id
     where m.id > after_match;
    touched := array(select m ->> 'no' from jsonb_array_elements(matches) as m) || no;
    select string_agg(fault, '; ') into faults from model.touched(touched) as fault;
end
$$;

-- The invariants of one order, one payer, one line, as faults; those of invariants.sql look at everything now and then.
create function model.touched(nos text[]) returns setof text language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
    return query
    with o as materialized (select o.*, r.status, r.reviews_required from xuqi."order" as o join xuqi.renewal as r on r.renewal_no = o.renewal_no
                             where o.renewal_no = any (nos)),
    moved as materialized (
        select a.id, a.kind::text as kind, a.normal_side, model.held(a.id) * case a.normal_side when 'credit' then 1 else -1 end as fen
          from xuqi.account as a where a.id in (select receivable_id from o union select payer_credit_id from o))
    -- E2: nothing guarded is overdrawn
    select format('E2 %s of account %s', kind, id) from moved where fen < 0
    -- what is owed for an order is its price or nothing
    union all select 'owed ' || o.order_no from o join moved on moved.id = o.receivable_id
     where moved.fen <> case o.state when 'unpaid' then o.amount_fen else 0 end
    union all select 'aside ' || order_no from o where funded_fen not between 0 and amount_fen
    -- what is put aside or due back is there
    union all select 'put aside more than there is ' || moved.id from moved
     where moved.kind = 'payer_credit' and moved.fen
           < (select coalesce(sum(funded_fen), 0) from xuqi."order" where payer_credit_id = moved.id and state = 'unpaid')
             + (select coalesce(sum(d.amount_fen), 0)
                  from (select order_no, amount_fen from xuqi.surplus where state = 'due'
                        union all select order_no, amount_fen from xuqi.refund_due where state = 'due') as d
                  join xuqi."order" as q using (order_no) where q.payer_credit_id = moved.id)
    -- E6: of each payment not more goes back than came
    union all select format('E6 payment %s of order %s', f.payment_id, f.order_no) from xuqi.refund as f join o using (order_no)
     where f.state not in ('failed', 'refused') group by f.order_no, f.payment_id, o.amount_fen
    having sum(f.amount_fen) > coalesce((select n.amount_fen from xuqi.payment_notice as n where n.posting_id = f.payment_id), o.amount_fen)
    -- E6: of an order not more revenue is given back than was earned with it
    union all select 'E6 returned ' || o.order_no from o
     where o.amount_fen < (select coalesce(sum(t.amount), 0) from xuqi.posting as p join xuqi.transfer as t on t.posting_id = p.id
                            where p.event_type = 'return' and p.event_key in (select refund_no from xuqi.refund as f where f.order_no = o.order_no))
    -- E8: a certificate that is made or being made was paid for, and approved by so many people
    union all select 'E8 ' || i.id from xuqi.issuance as i join o using (renewal_no)
     where i.state <> 'abandoned' and (o.state <> 'paid' or o.reviews_required > (
           select count(distinct staff_id) from xuqi.approval as v where v.renewal_no = i.renewal_no and v.voided_at is null))
    -- E7: one payout at a time, of one fen
    union all select 'E7 ' || p.renewal_no from xuqi.payout as p where p.renewal_no = any (nos)
     group by p.renewal_no having count(*) filter (where state in ('queued', 'sent')) > 1 or max(p.amount_fen) > 1
    -- E4: of a line not more is used than it holds
    union all select 'E4 line ' || l.id from xuqi.statement_line as l
     where l.id in (select line_id from xuqi.transfer_match where renewal_no = any (nos))
       and (select coalesce(sum(m.fen), 0) from xuqi.transfer_match as m where m.line_id = l.id and m.undone_at is null) > l.amount_fen
    -- what asks for identity steps leaves the draft with each of them passed, or left to the reviewer
    union all select format('submitted without %s %s', step, r.renewal_no) from xuqi.renewal as r, unnest(r.required_identity_steps) as step
     where r.renewal_no = any (nos) and r.status not in ('draft', 'cancelled', 'closed') and r.returns = 0
       and case step when 'id_photos' then (select count(distinct m.kind) from xuqi.material as m where m.renewal_no = r.renewal_no and m.kind like 'id_photo_%') < 2
           else not exists (select from xuqi.identity_check as c where c.renewal_no = r.renewal_no and c.kind = step and c.state in ('passed', 'manual')) end
    -- what is there in full pays
    union all select 'full but not paid ' || order_no from o where state = 'unpaid' and funded_fen = amount_fen and status = 'awaiting_payment'
    -- a paid renewal has a paid order
    union all select 'unpaid but on its way ' || order_no from o
     where (status not in ('draft', 'awaiting_payment', 'closed', 'cancelled')) and state <> 'paid';
end
$$;
