-- SPDX-License-Identifier: Apache-2.0
-- Differences of ten kinds planted among clean orders: each is found under its class, and nothing else is. Short here; all of
-- it: XUQI_ORDERS=10000 XUQI_EACH=10 tests/sql/run planted
set search_path = story;
\set orders 500
\set each 2
\getenv orders XUQI_ORDERS
\getenv each XUQI_EACH

-- Paid orders as payment_settle leaves them, all at once; the renewals around them are one.
select renewal_in('awaiting_payment', 'all') as renewal \gset
set session_replication_role = replica;
create table story.planted as
select n, to_char(20261101000000 + n, 'FM00000000000000') || '01' || to_char(n, 'FM0000000000') as order_no,
       -- one kind for each of the last ones
       case when n > :orders then 1 + (n - :orders - 1) / :each else 0 end as kind
  from generate_series(1, :orders + 10 * :each) as n;
alter table story.planted add attempt_no text, add txn text, add paid_at timestamptz, add fen bigint;
update story.planted
   set attempt_no = order_no || '01', txn = '2026112022001' || lpad(n::text, 15, '0'), fen = 10000 + n % 7000,
       -- 10: a minute before midnight; the others over the day
       paid_at = case kind when 10 then '2026-11-20 23:59+08'::timestamptz
                      else '2026-11-20 01:00+08'::timestamptz + make_interval(secs => n % 75000) end;
insert into xuqi."order" (order_no, renewal_no, amount_fen, state, receivable_id, payer_credit_id, attempts, paid_at, paid_gateway)
select order_no, :'renewal', fen, case kind when 2 then 'unpaid' else 'paid' end, 0, 0, 1, case kind when 2 then null else paid_at end,
       case kind when 2 then null else 'alipay' end from story.planted;
insert into xuqi.payment_attempt (attempt_no, order_no, gateway, method, amount_fen, state, gateway_txn, paid_at, created_at, expires_at, queried)
select attempt_no, order_no, case kind when 9 then 'wechat' else 'alipay' end, 'alipay', fen, case when kind in (2, 9) then 'open' else 'paid' end,
       case when kind in (2, 9) then null else txn end, case when kind in (2, 9) then null else paid_at end, paid_at, paid_at + interval '90 min', true
  from story.planted where kind <> 1;
select xuqi.account_open('gateway_clearing', 'alipay') as clearing, xuqi.account_open('payer_credit', 'planted') as credit \gset
insert into xuqi.posting (event_type, event_key, fingerprint, event_at, actor)
select 'gateway', 'alipay:' || txn, xuqi.fingerprint('alipay', txn, attempt_no, fen::text), paid_at, 'test' from story.planted where kind not in (1, 2, 9);
insert into xuqi.transfer (posting_id, leg, debit_id, credit_id, amount)
select p.id, 1, :clearing, :credit, s.fen from story.planted as s join xuqi.posting as p on p.event_type = 'gateway' and p.event_key = 'alipay:' || s.txn;
insert into xuqi.payment_notice (gateway, digest, verdict, attempt_no, gateway_txn, amount_fen, key_id, raw, posting_id)
select 'alipay', digest(s.txn), 'settled', s.attempt_no, s.txn, s.fen, 'k', 'x', p.id
  from story.planted as s join xuqi.posting as p on p.event_type = 'gateway' and p.event_key = 'alipay:' || s.txn;
set session_replication_role = origin;
analyze xuqi.payment_notice, xuqi.posting, xuqi.payment_attempt, xuqi."order";

-- The bill: 1 of nobody's order, 2 of an order not paid here, 3 missing, 4 a fen more, 5 a fen less, 6 of another order of ours,
-- 7 another fee, 8 a refund made at the console, 9 of another rail's attempt, 10 in the next day's bill.
create function story.plant(day text, in_kinds bigint[]) returns text language sql as $$
    select concat_ws(' ', p.outcome, p.added, p.changed) || ' ' || (select outcome from xuqi.bill_loaded(f.id, p.added))
      from (select file_id as id from xuqi.bill_keep('alipay', day, digest('planted ' || day), 1, 'command', 'operator')) as f,
           lateral (select array_agg(n) as lines, array_agg(row_kind) as kinds, array_agg(gateway_id) as ids, array_agg(txn) as txns,
                           array_agg(attempt) as attempts, array_agg(refund) as refunds, array_agg(amount) as amounts,
                           array_agg(fee) as fees, array_agg(paid_at) as ats, array_agg('SUCCESS'::text) as statuses
                      from (select n, 'payment' as row_kind, txn as gateway_id, txn,
                                   case kind when 1 then 'NOTOURS' || n
                                             when 6 then (select o.attempt_no from story.planted as o where o.n = s.n - (select count(*) from story.planted where kind = 0)) else attempt_no end as attempt,
                                   '' as refund, fen + case kind when 4 then 1 when 5 then -1 else 0 end as amount,
                                   round(fen * 0.006)::bigint * 1000 + case kind when 7 then 5000 else 0 end as fee, paid_at
                              from story.planted as s where kind = any (in_kinds) and kind <> 3
                            union all
                            select n, 'refund', txn || '/R1', txn, attempt_no, 'CONSOLE' || n, 100, 0, paid_at + interval '5 min'
                              from story.planted where kind = 8 and 8 = any (in_kinds)) as rows) as r,
           lateral xuqi.bill_put(f.id, r.lines, r.kinds, r.ids, r.txns, r.attempts, r.refunds, r.amounts, r.fees, r.ats, r.statuses) as p
$$;
select same('the bill is loaded', plant('2026-11-20', '{0,1,2,3,4,5,6,7,8,9}'), concat('put ', :orders + 9 * :each, ' 0 loaded'));
select payments, even from xuqi.match_run('alipay', '2026-11-20', 60) \gset
select same('what is even is even', :'even', (:orders + :each)::text);
select same('every planted difference is found, and nothing else',
            (select string_agg(concat_ws(' ', kind, class, state, n), ', ' order by kind)
               from (select s.kind, x.class, x.state, count(*) as n from xuqi.match_difference as x
                       left join story.planted as s on s.txn = left(x.gateway_id, 28) group by s.kind, x.class, x.state) as f),
            replace('1 long open #, 2 long open #, 3 short waiting #, 4 amount open #, 5 amount open #, 6 state open #, 7 fee open #, 8 state open #, 9 long open #, 10 cross_day waiting #',
                    '#', :'each'));
select same('as many as were planted', (select count(*) from xuqi.match_difference)::text, (10 * :each)::text);
select same('what is done about them', (select string_agg(kind || ' ' || action, ', ' order by kind) from
            (select distinct s.kind, x.action from xuqi.match_difference as x join story.planted as s on s.txn = left(x.gateway_id, 28)) as a),
            '1 person, 2 query, 3 wait, 4 person, 5 person, 6 person, 7 person, 8 person, 9 person, 10 wait');
select same('the next day has the last kind', plant('2026-11-21', '{10}'), concat('put ', :'each', ' 0 loaded'));
select outcome as matched from xuqi.match_run('alipay', '2026-11-21', 60) \gset
select same('which explains it, and lets a missing one be called so', (select string_agg(concat_ws(' ', kind, class, state, n), ', ' order by kind)
               from (select s.kind, x.class, x.state, count(*) as n from xuqi.match_difference as x join story.planted as s on s.txn = x.gateway_id
                      where s.kind in (3, 10) group by s.kind, x.class, x.state) as f),
            replace('3 short open #, 10 cross_day settled #', '#', :'each'));
-- The gateway's present answer, to each question: it has the odd ones, and denies the even ones.
create function story.answered(attempt text, word text, txn text) returns text language sql as $$
    select e.outcome from xuqi.outbox as o, lateral xuqi.payment_query_end(o.id, o.lease_token, attempt, word, 'code', clock_timestamp(), null, true, txn) as e
     where o.topic = 'payment_query' and o.event = attempt and o.state = 'leased'
$$;
update xuqi.outbox set run_at = now() where topic = 'payment_query';
select count(*) as leased from xuqi.outbox_lease('payment_query', 10000, 600) \gset
select same('what is missing is asked about and answered, one by one', (select string_agg(concat_ws(' ', outcome, n), ', ' order by outcome) from
            (select answered(attempt_no, case n % 2 when 1 then 'paid' else 'closed' end, txn) as outcome, count(*) as n from story.planted where kind = 3 group by 1) as a),
            replace('denied #, settled #', '#', (:each / 2)::text));
select same('each difference says what was answered to it', (select string_agg(concat_ws(' ', class, action, answer, n), ', ' order by answer) from
            (select x.class, x.action, x.answer, count(*) as n from xuqi.match_difference as x where x.answer <> '' group by 1, 2, 3) as a),
            replace('short person closed #, short person paid #', '#', (:each / 2)::text));
select same('again raises nothing', (select raised from xuqi.match_run('alipay', '2026-11-20', 60))::text, (10 * :each)::text);
select same('clearing is explained to the fen', (select sum(abs(unexplained_fen)) from xuqi.clearing_days('alipay'))::text, '0');
