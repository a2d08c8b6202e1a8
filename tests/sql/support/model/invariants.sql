-- SPDX-License-Identifier: Apache-2.0
-- What a walk of the model looks at: a renewal at a glance, the totals, and faults, written without the procedures'
-- helpers and without xuqi.ledger_check. Loaded into the template of the walks only.
create schema model;
\ir books.sql

-- Each change of state, whoever makes it.
create table model.move (id bigint generated always as identity, renewal_no text, from_state text, to_state text);
create function model.note_move() returns trigger language plpgsql security definer as $$
begin
    insert into model.move (renewal_no, from_state, to_state) values (new.renewal_no, old.status, new.status);
    return null;
end
$$;
create trigger model_move after update of status on xuqi.renewal for each row
    when (old.status <> new.status) execute function model.note_move();

create function model.glance(no text) returns text language plpgsql stable as $$
declare
    r xuqi.renewal;
    o xuqi."order";
begin
    select * into r from xuqi.renewal where renewal_no = no;
    select * into o from xuqi."order" where order_no = r.order_no;
    return concat_ws(' | ', r.status, o.state, o.attempts, r.reviews_done,
        coalesce((select name || case when r.claimed_until > now() then '+' else '-' end from xuqi.staff where id = r.claimed_by), ''),
        coalesce((select string_agg(s.name, ' ' order by s.name collate "C") from xuqi.approval a join xuqi.staff s on s.id = a.staff_id
                   where a.renewal_no = no and a.voided_at is null), ''),
        coalesce((select name || ':' || r.rejection_code from xuqi.staff where id = r.rejected_by), ''),
        coalesce((select string_agg(concat_ws(':', right(attempt_no, 2), gateway, state), ' ' order by attempt_no)
                    from xuqi.payment_attempt where order_no = o.order_no), ''),
        (select debits - credits from xuqi.balance where account_id = o.receivable_id),
        coalesce((select amount_fen || ':' || state from xuqi.refund_due where renewal_no = no), ''),
        coalesce((select string_agg(concat_ws(':', gateway_txn, amount_fen, reason), ' '
                                    order by concat_ws(':', gateway_txn, amount_fen, reason) collate "C")
                    from xuqi.surplus where renewal_no = no), ''),
        coalesce((select string_agg(id || ':' || state, ' ' order by (id || ':' || state) collate "C") from xuqi.issuance
                   where renewal_no = no), ''),
        (select count(*) from xuqi.certificate where renewal_no = no),
        coalesce((select string_agg(concat_ws(':', event, state, attempts), ' ' order by concat_ws(':', event, state, attempts) collate "C")
                    from xuqi.outbox where renewal_no = no and topic <> 'payout'), ''),
        (select credits - debits from xuqi.balance where account_id = o.payer_credit_id),
        coalesce((select string_agg(kind || ' ' || page || ':' || round, ' ' order by (kind || ' ' || page || ':' || round) collate "C")
                    from xuqi.material where renewal_no = no), ''),
        (select count(*) from xuqi.material_replaced where renewal_no = no),
        r.returns, (select count(*) from xuqi.correction where renewal_no = no),
        coalesce((select agent_name_masked from xuqi.correction where renewal_no = no order by number desc limit 1),
                 (select agent_name_masked from xuqi.renewal_content where renewal_no = no)),
        r.reminders, case when r.remind_at is null then '' else 'reminded' end);
end
$$;

-- Each kind's sum on its normal side, from the transfers alone, and how much of everything there is.
create function model.totals() returns text language sql stable as $$
    select string_agg(name || '=' || value, ' ' order by name collate "C") from (
        select k.kind::text as name,
               coalesce(sum(case when t.debit_id = a.id then t.amount else -t.amount end
                            * case a.normal_side when 'debit' then 1 else -1 end), 0) as value
          from unnest(array['deferred_revenue', 'receivable', 'revenue', 'output_tax', 'payer_credit', 'gateway_clearing']::xuqi.account_kind[]) as k (kind)
          left join xuqi.account a on a.kind = k.kind
          left join xuqi.transfer t on a.id in (t.debit_id, t.credit_id)
         group by k.kind
        union all select 'certificates', count(*) from xuqi.certificate
        union all select 'notices', count(*) from xuqi.payment_notice
        union all select 'outbox_done', count(*) from xuqi.outbox_done
        union all select 'intents', count(*) from xuqi.issuance
        union all select 'abandoned', count(*) from xuqi.abandoned_serial
        union all select 'challenges', count(*) from xuqi.challenge
        union all select 'sessions', count(*) from xuqi.staff_session
        union all select 'failures', count(*) from xuqi.login_failure
        union all select 'crls', count(*) from xuqi.crl) as counted
$$;

create function model.faults() returns setof text language sql stable as $$
    -- E1, E3: every transfer between two accounts of one posting
    select 'E1 transfer ' || t.id from xuqi.transfer t
     where not exists (select from xuqi.posting where id = t.posting_id)
        or not exists (select from xuqi.account where id = t.debit_id) or not exists (select from xuqi.account where id = t.credit_id)
    union all select 'E3 posting ' || min(event_key) from xuqi.posting group by event_type, event_key having count(*) > 1
    -- E2, I11: guarded accounts, from the transfers alone
    union all
    select 'E2/I11 account ' || a.id from xuqi.account a left join xuqi.balance b on b.account_id = a.id,
           lateral (select coalesce(sum(amount) filter (where debit_id = a.id), 0) as debits,
                           coalesce(sum(amount) filter (where credit_id = a.id), 0) as credits
                      from xuqi.transfer where a.id in (debit_id, credit_id)) as moved
     where a.guarded and (b.debits is distinct from moved.debits or b.credits is distinct from moved.credits
                          or case a.normal_side when 'debit' then moved.debits < moved.credits else moved.credits < moved.debits end)
    -- E5: a gateway's transaction once
    union all select 'E5 transaction ' || min(gateway_txn) from xuqi.payment_notice where verdict in ('settled', 'surplus')
               group by gateway, gateway_txn having count(*) > 1
    union all select 'E5 unbooked ' || gateway_txn from xuqi.payment_notice n where verdict in ('settled', 'surplus')
                 and not exists (select from xuqi.posting p where p.id = n.posting_id and p.event_type = 'gateway'
                                                              and p.event_key = n.gateway || ':' || n.gateway_txn)
    -- E6: nothing is given back that did not come in
    union all
    select 'E6 order ' || o.order_no from xuqi."order" o
     where (select coalesce(sum(amount_fen), 0) from xuqi.surplus where order_no = o.order_no)
           + (select coalesce(sum(amount_fen), 0) from xuqi.refund_due where order_no = o.order_no)
           > (select coalesce(sum(n.amount_fen), 0) from xuqi.payment_notice n join xuqi.payment_attempt a on a.attempt_no = n.attempt_no
               where a.order_no = o.order_no and n.verdict in ('settled', 'surplus'))
             + case when o.paid_gateway = 'bank_transfer' then o.amount_fen else 0 end
    -- E8: no live issuance without payment in full and approvals of the present content by different people
    union all
    select 'E8 unpaid issuance ' || i.id from xuqi.issuance i join xuqi.renewal r using (renewal_no) join xuqi."order" o on o.order_no = r.order_no
     where i.state <> 'abandoned'
       and (select coalesce(sum(amount), 0) from xuqi.transfer where credit_id = o.receivable_id) <> o.amount_fen
    union all
    select 'E8 unapproved issuance ' || i.id from xuqi.issuance i join xuqi.renewal r using (renewal_no)
     where i.state <> 'abandoned'
       and ((select count(distinct staff_id) from xuqi.approval a where a.renewal_no = i.renewal_no and voided_at is null
               and a.content_hash = xuqi.renewal_content_hash(i.renewal_no)) < r.reviews_required
            or i.content_hash <> xuqi.renewal_content_hash(i.renewal_no)
            or r.status not in ('awaiting_install', 'issued', 'completed') or i.not_after <> r.not_after)
    -- E9: one live issuance, no serial and no key twice
    union all select 'E9 live ' || renewal_no from xuqi.issuance where state <> 'abandoned' group by renewal_no having count(*) > 1
    union all select 'E9 serial ' || min(id) from xuqi.issuance group by serial having count(*) > 1
    union all select 'E9 key ' || min(id) from xuqi.issuance where state <> 'abandoned' group by csr_spki_sha256 having count(*) > 1
    union all select 'E9 intent of an old fence ' || id from xuqi.issuance where state = 'intended' and fence <> (select fence from xuqi.issuer_lease)
    union all select 'E9 abandoned but recorded ' || i.id from xuqi.issuance i where state <> 'signed'
                 and exists (select from xuqi.certificate c where c.serial = ltrim(encode(i.serial, 'hex'), '0'))
    -- one open renewal of a certificate
    union all select 'open twice ' || min(renewal_no) from xuqi.renewal where status not in ('completed', 'rejected', 'cancelled', 'closed')
               group by certificate_fingerprint having count(*) > 1
    -- returned: paid for, without approvals that count, and with something named; a case under review lacks nothing that was
    union all select 'returned unpaid ' || r.renewal_no from xuqi.renewal r join xuqi."order" o on o.order_no = r.order_no
               where r.status = 'returned' and (o.state <> 'paid' or r.claimed_by is not null or r.reviews_done <> 0)
    union all select 'returned and approved ' || r.renewal_no from xuqi.renewal r where r.status = 'returned'
                 and exists (select from xuqi.approval a where a.renewal_no = r.renewal_no and a.voided_at is null)
    union all select 'returned for nothing ' || e.renewal_no from xuqi.renewal_return e
               where not exists (select from xuqi.return_item i where i.renewal_no = e.renewal_no and i.round = e.round)
    union all select 'rounds ' || r.renewal_no from xuqi.renewal r
               where r.returns <> (select count(*) from xuqi.renewal_return e where e.renewal_no = r.renewal_no)
                  or r.returns <> (select coalesce(max(round), 0) from xuqi.renewal_return e where e.renewal_no = r.renewal_no)
    union all select 'goes on uncorrected ' || r.renewal_no || ' ' || i.name from xuqi.renewal r
                join xuqi.return_item i on i.renewal_no = r.renewal_no
               where (r.status <> 'returned' or i.round < r.returns) and case when i.name like 'materials.%'
                     then not exists (select from xuqi.material m where m.renewal_no = r.renewal_no and 'materials.' || m.kind = i.name and m.round >= i.round)
                          and not exists (select from xuqi.material_replaced m where m.renewal_no = r.renewal_no and 'materials.' || m.kind = i.name and m.round >= i.round)
                     else not exists (select from xuqi.correction c join xuqi.correction_field f using (renewal_no, number)
                                       where c.renewal_no = r.renewal_no and c.round = i.round and f.name = i.name) end
    union all select 'an approval of another content ' || a.id from xuqi.approval a join xuqi.renewal r using (renewal_no)
               where a.voided_at is null and r.status not in ('draft', 'awaiting_payment') and a.content_hash <> xuqi.renewal_content_hash(a.renewal_no)
    union all select 'as many approvals as counted ' || r.renewal_no from xuqi.renewal r
               where r.reviews_done <> (select count(*) from xuqi.approval a where a.renewal_no = r.renewal_no and a.voided_at is null)
    -- a person decides once
    union all select 'approved twice ' || renewal_no from xuqi.approval where voided_at is null group by renewal_no, staff_id having count(*) > 1
    -- I15: issued renewals, certificates, revenue postings of the whole price
    union all
    select 'I15 renewal ' || r.renewal_no from xuqi.renewal r,
           lateral (select count(*) as n from xuqi.certificate c where c.renewal_no = r.renewal_no) as made,
           lateral (select count(*) as n from xuqi.issuance i where i.renewal_no = r.renewal_no and i.state = 'signed') as signed,
           lateral (select coalesce(sum(t.amount), 0) as fen from xuqi.posting p join xuqi.transfer t on t.posting_id = p.id
                     where p.event_type = 'issue' and p.event_key = r.order_no) as earned,
           lateral (select case when r.status in ('issued', 'completed') then 1 else 0 end as n) as issued
     where (made.n, signed.n) <> (issued.n, issued.n) or earned.fen <> issued.n * r.amount_fen
    -- E2: what is put aside and what is due back is there (credit_free is never negative)
    union all select fault from (select array_agg(renewal_no) as nos from xuqi.renewal) as every, lateral model.touched(nos) as fault
    -- E4: a line is used for what is written, and not beyond; a line exists once
    union all
    select 'E4 line ' || l.id from xuqi.statement_line l,
           lateral (select (select coalesce(sum(fen), 0) from xuqi.transfer_match where line_id = l.id and undone_at is null)
                           + (select coalesce(sum(fen), 0) from xuqi.finance_request where line_id = l.id and kind = 'suspend' and state = 'done' and released_by is null)
                           + (select coalesce(sum(fen), 0) from xuqi.payout_request where line_id = l.id and payer_credit_id is null and state <> 'failed')
                           + (select coalesce(sum(amount_fen), 0) from xuqi.settlement where line_id = l.id) as fen) as used
     where l.taken_fen <> used.fen or used.fen > l.amount_fen or (used.fen > 0 and (l.direction <> 'credit' or l.kind <> 'ordinary'))
    union all select 'E4 line twice ' || min(id) from xuqi.statement_line group by collecting_account_id, line_key having count(*) > 1
    -- E6: what was given back of a payment has its posting, once
    union all
    select 'E6 refund ' || f.refund_no from xuqi.refund f
     where (f.state = 'done') <> exists (select from xuqi.posting p where p.event_type = 'refund_done' and p.event_key = f.refund_no
                                         union all select from xuqi.payout_request q where q.refund_no = f.refund_no and q.state = 'paid')
        or (f.state = 'failed') <> exists (select from xuqi.posting p where p.event_type = 'refund_failed' and p.event_key = f.refund_no)
    union all select 'E6 paid twice ' || f.refund_no from xuqi.refund f where f.payment_id is null
       and (select count(*) from xuqi.payout_request q where q.refund_no = f.refund_no and q.state <> 'failed')
           + (select count(*) from xuqi.posting p where p.event_type = 'refund_done' and p.event_key = f.refund_no) > 1
    union all select 'E6 one person ' || refund_no from xuqi.refund where approved_by = asked_by
    union all select 'E6 nobody ' || refund_no from xuqi.refund where approved_by is null and cause in ('cancellation', 'staff') and state not in ('asked', 'refused')
    -- two people where it must be two
    union all select 'one person of finance ' || id from xuqi.finance_request where two_people and state = 'done' and asked_by = decided_by
    union all select 'one person reversed ' || id from xuqi.reversal where state = 'approved' and asked_by = decided_by
    -- E7: 0.01 yuan each, not more a day than its budget
    union all select 'E7 budget ' || b.day from xuqi.payout_budget b where b.used_fen > b.budget_fen
    union all select 'E7 cost ' || p.client_id from xuqi.payout p
     where p.state <> 'queued' and p.purpose = 'verification'
       and (select coalesce(sum(case when a.id = t.debit_id then t.amount else -t.amount end), 0) from xuqi.transfer t
              join xuqi.posting q on q.id = t.posting_id join xuqi.account a on a.kind = 'verify_expense' and a.id in (t.debit_id, t.credit_id)
             where q.event_key in (p.client_id, 'payout:' || p.client_id)) <> case when p.state in ('sent', 'paid') then p.amount_fen else 0 end
    -- every account together is nothing
    union all select 'the balances do not add up' where (select sum(model.held(id)) from xuqi.account) <> 0
    -- I12, I13: what the statements brought and took back is what they booked in bank, by account
    union all
    select 'I12 bank ' || c.account_no from xuqi.collecting_account c
     where (select coalesce(sum(case when t.debit_id = c.account_id then t.amount else -t.amount end), 0) from xuqi.transfer t
              join xuqi.posting p on p.id = t.posting_id
             where c.account_id in (t.debit_id, t.credit_id) and p.event_type in ('statement', 'statement_reversal'))
        <> (select coalesce(sum(amount_fen) filter (where direction = 'credit'), 0)
                   - coalesce(sum(amount_fen) filter (where direction = 'credit' and reversed_by is not null), 0)
              from xuqi.statement_line where collecting_account_id = c.id)
    -- I14, I16: what is unmatched is what the lines still hold, less what was taken back
    union all
    select 'I14 unmatched receipts of ' || c.account_no from xuqi.collecting_account c
      join xuqi.account u on u.kind = 'unmatched_receipts' and u.owner_key = c.account_no
     where model.held(u.id)
        <> (select coalesce(sum(amount_fen - taken_fen) filter (where direction = 'credit'), 0)
                   - coalesce(sum(amount_fen) filter (where direction = 'credit' and reversed_by is not null), 0)
              from xuqi.statement_line where collecting_account_id = c.id)
           - (select coalesce(sum(case when t.debit_id = u.id then t.amount else -t.amount end), 0) from xuqi.transfer t
                join xuqi.posting p on p.id = t.posting_id
               where u.id in (t.debit_id, t.credit_id) and p.event_type = 'payout_returned')
    -- I16: what is suspended has who and why
    union all
    select 'I16 suspense of ' || a.owner_key from xuqi.account a
     where a.kind = 'statement_suspense' and model.held(a.id)
        <> (select coalesce(sum(f.fen), 0) from xuqi.finance_request f join xuqi.statement_line l on l.id = f.line_id
              join xuqi.collecting_account c on c.id = l.collecting_account_id and c.account_no = a.owner_key
             where f.kind = 'suspend' and f.state = 'done' and f.released_by is null)
           + (select coalesce(sum(d.booked_fen), 0) from xuqi.match_difference d where d.rail = a.owner_key)
$$;
