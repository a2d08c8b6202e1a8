-- SPDX-License-Identifier: Apache-2.0
-- Variable lives. Copies of one renewal that went all the way through the procedures, with its order, payment, review, certificate
-- and books: five transfers each (invoice, paid in two legs, revenue and tax). Set by set, with the triggers off; that the result is
-- right is what ledger_verify is to say.
set search_path = xuqi, pg_temp;
set session_replication_role = replica;
set synchronous_commit = off;

create temporary table life as
    select r.renewal_no, r.order_no, o.receivable_id, o.payer_credit_id, a.attempt_no, i.id as issuance_id, c.fingerprint
      from renewal as r join "order" as o using (order_no) join payment_attempt as a on a.order_no = o.order_no and a.state = 'paid'
      join issuance as i on i.renewal_no = r.renewal_no and i.state = 'signed' join certificate as c on c.fingerprint = i.certificate_fingerprint
     where r.status = 'completed' limit 1;
-- Everything is told from its original by the number of the copy.
create temporary table copy as
    select n, '01209901' || lpad(n::text, 9, '0') as renewal_no, '209901010000000' || lpad(n::text, 11, '0') as order_no,
           sha256(int8send(n)) as digest, encode(substr(sha256(int8send(n)), 1, 15), 'hex') as serial,
           (select max(id) from account) + 2 * n - 1 as receivable_id, (select max(id) from account) + 2 * n as payer_credit_id,
           (select max(id) from posting) + 3 * n as posting_id, (select max(id) from issuance) + n as issuance_id
      from generate_series(1, :lives) as n;

insert into account (id, kind, owner_key, normal_side, guarded) overriding system value
select receivable_id, 'receivable'::account_kind, order_no, 'debit', true from copy
union all
select payer_credit_id, 'payer_credit', 'copy ' || n, 'credit', true from copy;
insert into balance (account_id, normal_side, debits, credits, version)
select c.id, b.normal_side, b.debits, b.credits, b.version
  from life join balance as b on b.account_id in (life.receivable_id, life.payer_credit_id),
       lateral (select case b.account_id when life.receivable_id then copy.receivable_id else copy.payer_credit_id end as id from copy) as c;
-- Months and months of them: the first are in months that can be closed.
insert into posting (id, event_type, event_key, fingerprint, event_at, actor) overriding system value
select copy.posting_id - 3 + step.place, step.kind, step.key, copy.digest, now() - (interval '200 days') * (:lives - n) / :lives, 'copy'
  from copy, lateral (values (1, 'invoice', order_no), (2, 'gateway', 'alipay:copy ' || n), (3, 'issue', order_no)) as step (place, kind, key);
insert into transfer (posting_id, leg, debit_id, credit_id, amount)
select copy.posting_id - 3 + original.place, t.leg,
       case t.debit_id when life.receivable_id then copy.receivable_id when life.payer_credit_id then copy.payer_credit_id else t.debit_id end,
       case t.credit_id when life.receivable_id then copy.receivable_id when life.payer_credit_id then copy.payer_credit_id else t.credit_id end, t.amount
  from life,
       lateral (select p.id, case p.event_type when 'invoice' then 1 when 'gateway' then 2 else 3 end as place
                  from posting as p
                 where p.event_type in ('invoice', 'issue') and p.event_key = life.order_no
                    or p.id = (select posting_id from payment_notice where attempt_no = life.attempt_no and verdict = 'settled')) as original
  join transfer as t on t.posting_id = original.id, copy;

insert into renewal
select made.* from copy, life join renewal as r using (renewal_no),
       lateral jsonb_populate_record(r, jsonb_build_object('renewal_no', copy.renewal_no, 'order_no', copy.order_no,
           'certificate_fingerprint', sha256(copy.digest), 'certificate_serial', 'a' || copy.serial)) as made;
insert into "order"
select made.* from copy, life join "order" as o using (order_no),
       lateral jsonb_populate_record(o, jsonb_build_object('renewal_no', copy.renewal_no, 'order_no', copy.order_no, 'receivable_id', copy.receivable_id,
           'payer_credit_id', copy.payer_credit_id, 'paid_attempt_no', copy.order_no || '01', 'paid_gateway_txn', 'copy ' || n)) as made;
insert into order_line (order_no, line, name, unit_fen, quantity)
select copy.order_no, l.line, l.name, l.unit_fen, l.quantity from copy, life join order_line as l on l.order_no = life.order_no;
insert into payment_attempt
select made.* from copy, life join payment_attempt as a using (attempt_no),
       lateral jsonb_populate_record(a, jsonb_build_object('attempt_no', copy.order_no || '01', 'order_no', copy.order_no, 'gateway_txn', 'copy ' || n)) as made;
insert into payment_notice overriding system value
select made.* from copy, life join payment_notice as p on p.attempt_no = life.attempt_no and p.verdict = 'settled',
       lateral jsonb_populate_record(p, jsonb_build_object('id', nextval('payment_notice_id_seq'), 'digest', copy.digest, 'attempt_no', copy.order_no || '01',
           'gateway_txn', 'copy ' || n, 'posting_id', copy.posting_id - 1)) as made;
insert into approval overriding system value
select made.* from copy, life join approval as a on a.renewal_no = life.renewal_no and a.voided_at is null,
       lateral jsonb_populate_record(a, jsonb_build_object('id', nextval('approval_id_seq'), 'renewal_no', copy.renewal_no)) as made;
insert into certificate
select made.* from copy, life join certificate as c using (fingerprint),
       lateral jsonb_populate_record(c, jsonb_build_object('fingerprint', copy.digest, 'serial', 'c' || copy.serial, 'renewal_no', copy.renewal_no)) as made;
insert into issuance overriding system value
select made.* from copy, life join issuance as i on i.id = life.issuance_id,
       lateral jsonb_populate_record(i, jsonb_build_object('id', copy.issuance_id, 'renewal_no', copy.renewal_no, 'serial', substr(copy.digest, 1, 16),
           'csr_spki_sha256', copy.digest, 'certificate_fingerprint', copy.digest)) as made;
select setval('account_id_seq', (select max(id) from account)), setval('posting_id_seq', (select max(id) from posting)),
       setval('issuance_id_seq', (select max(id) from issuance)) \gset ignored_
set session_replication_role = origin;
analyze;
select count(*) || ' transfers of ' || (select count(*) from posting) || ' postings over ' || (select count(*) from account) || ' accounts, '
       || (select count(*) from renewal) || ' renewals' from transfer;
