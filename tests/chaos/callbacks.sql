-- SPDX-License-Identifier: Apache-2.0
-- Variables orders, both, seed. Copies of one renewal that awaits its payment, each with an attempt at one of three gateways in turn;
-- the first of them (both) with a second attempt at another gateway, which is paid as well. Every payment's word comes 1 to 15
-- times, as a notice or as the answer to a query, all shuffled.
set search_path = xuqi, pg_temp;
set synchronous_commit = off;
create schema chaos;

create temporary table original as
    select r.renewal_no, r.order_no from renewal as r where r.status = 'awaiting_payment' limit 1;
create temporary table copy as
    select n, '01209901' || lpad(n::text, 9, '0') as renewal_no, '209901010000000' || lpad(n::text, 11, '0') as order_no,
           (select max(id) from account) + 2 * n - 1 as receivable_id, (select max(id) from account) + 2 * n as payer_credit_id,
           (select max(id) from posting) + n as posting_id
      from generate_series(1, :orders) as n;
set session_replication_role = replica;
insert into account (id, kind, owner_key, normal_side, guarded) overriding system value
select receivable_id, 'receivable'::account_kind, order_no, 'debit', true from copy
union all
select payer_credit_id, 'payer_credit', 'copy ' || n, 'credit', true from copy;
insert into posting (id, event_type, event_key, fingerprint, event_at, actor) overriding system value
select posting_id, 'invoice', order_no, fingerprint(order_no, '20000'), now(), 'copy' from copy;
insert into transfer (posting_id, leg, debit_id, credit_id, amount)
select posting_id, 1, receivable_id, (select id from account where kind = 'deferred_revenue'), 20000 from copy;
insert into balance (account_id, normal_side, debits, credits, version)
select receivable_id, 'debit', 20000, 0, 1 from copy union all select payer_credit_id, 'credit', 0, 0, 0 from copy;
insert into renewal
select made.* from copy, original join renewal as r using (renewal_no),
       lateral jsonb_populate_record(r, jsonb_build_object('renewal_no', copy.renewal_no, 'order_no', copy.order_no,
           'certificate_fingerprint', sha256(int8send(n)), 'certificate_serial', 'a' || to_hex(n))) as made;
insert into "order"
select made.* from copy, original join "order" as o using (order_no),
       lateral jsonb_populate_record(o, jsonb_build_object('renewal_no', copy.renewal_no, 'order_no', copy.order_no, 'receivable_id', copy.receivable_id,
           'payer_credit_id', copy.payer_credit_id, 'attempts', 2)) as made;
insert into order_line (order_no, line, name, unit_fen, quantity)
select copy.order_no, l.line, l.name, l.unit_fen, l.quantity from copy, original join order_line as l using (order_no);

create table chaos.payment as
    select row_number() over (order by n, place) as id, n, order_no || lpad(place::text, 2, '0') as attempt_no, order_no,
           (array['alipay', 'unionpay', 'wechat'])[1 + (n + place) % 3] as gateway
      from copy, generate_series(1, 2) as place where place = 1 or n <= :both;
insert into payment_attempt (attempt_no, order_no, method, gateway, amount_fen, expires_at, queried)
select attempt_no, order_no, gateway, gateway, 20000, now() + interval '1 day', true from chaos.payment;
set session_replication_role = origin;
select setval('account_id_seq', (select max(id) from account)), setval('posting_id_seq', (select max(id) from posting)) \gset ignored_

select setseed(:seed) \gset ignored_
create table chaos.delivery as
    select row_number() over (order by place) as i, id, copy,
           -- UnionPay is believed only when it answers a query of ours: one of its words at least is that.
           case when gateway = 'unionpay' and copy = 1 or chance < 0.25 then 'query' else 'notice' end as how
      from (select p.*, copy, random() as place, random() as chance
              from (select id, gateway, 1 + floor(random() * 15)::int as copies from chaos.payment) as p, generate_series(1, copies) as copy) as word;
alter table chaos.delivery add primary key (i);
alter table chaos.payment add primary key (id);
create unlogged table chaos.answer (i bigint, outcome text);

-- What web or jobs does with one of them, and what comes back.
create function chaos.deliver(in_i bigint) returns text language plpgsql as $$
declare
    it     record;
    answer text;
begin
    select d.how, p.* into it from chaos.delivery as d join chaos.payment as p using (id) where d.i = in_i;
    if it.attempt_no is null then
        return null;
    end if;
    if it.gateway = 'unionpay' and it.how = 'notice' then
        answer := (select outcome from xuqi.notice_ask('unionpay', it.attempt_no, 'txn ' || it.attempt_no, 20000,
            (select date_trunc('second', created_at) from xuqi.payment_attempt where attempt_no = it.attempt_no), '622609******0048',
            convert_to('notice ' || it.attempt_no, 'UTF8'), 'key'));
    else
        answer := (select outcome from xuqi.payment_settle(it.gateway, it.attempt_no, 'txn ' || it.attempt_no, 20000, now(), 'b***r',
            convert_to(it.how || ' ' || it.attempt_no, 'UTF8'), 'key'));
    end if;
    insert into chaos.answer values (in_i, it.gateway || ' ' || it.how || ' ' || answer);
    return answer;
end
$$;
analyze;
select count(*) from chaos.delivery;
