-- SPDX-License-Identifier: Apache-2.0
-- Payment: each of the gateway's transactions is booked once, and only if it is what was asked for.
set search_path = story;

select renewal_in('awaiting_payment', 'lee') as no \gset
select order_no as order_no from xuqi.renewal where renewal_no = :'no' \gset
select outcome as outcome, attempt_no as attempt from xuqi.payment_open(:'no', 'alipay', 1800) \gset
select same('an attempt is opened', :'outcome', 'opened');
select same('its number is the order''s and two digits', :'attempt', :'order_no' || '01');
select same('a young attempt is answered again', attempt(:'no'), :'attempt');
select same('another method has its own', attempt(:'no', 'wechat'), :'order_no' || '02');
select same('a method the platform does not take', (select outcome from xuqi.payment_open(:'no', 'cheque', 1800)), 'method_unavailable');
select same('an old attempt is not', (select attempt_no from xuqi.payment_open(:'no', 'alipay', 0)), :'order_no' || '03');
select same('no attempt for nobody', (select outcome from xuqi.payment_open('01000000000000000', 'alipay', 1800)),
            'renewal_unknown');
\set answers `race 10 "select attempt_no from xuqi.payment_open(':no', 'unionpay', 1800)"`
select same('ten requests at once open one attempt', :'answers', :'order_no' || '04=10');

select same('another amount is not booked', settle(:'attempt', 't1', 19999), 'notice_mismatch');
select same('an unknown attempt is not booked', settle('0000000000000000000000000000', 't1'), 'notice_mismatch');
select same('another gateway''s attempt is not booked', settle(:'order_no' || '02', 't1'), 'notice_mismatch');
select same('what did not agree is kept', (select count(*) from xuqi.payment_notice where verdict = 'mismatch')::text, '1');
select same('another notice of it is kept too', settle(:'attempt', 't1', 19999, 'other bytes'), 'notice_mismatch');
select same('it awaits payment still', status(:'no'), 'awaiting_payment');

\set answers `race 50 "select story.settle(':attempt', 't1')"`
select same('of 50 equal notices at once one is booked', :'answers', 'replayed=49 settled=1');
select same('there is one posting', (select count(*) from xuqi.posting where event_type = 'gateway')::text, '1');
select same('it is paid', status(:'no'), 'awaiting_review');
select same('progress says so', (select payment_status || ' ' || paid_method || ' ' || (paid_at is not null)
                                   from xuqi.renewal_progress(:'no')), 'paid alipay true');
select same('the applicant is told once', (select count(*) from xuqi.outbox where event = 'paid')::text, '1');
select same('a later repetition is a replay', settle(:'attempt', 't1', 20000, 'notified once more'), 'replayed');
select same('the transaction with another amount is not', settle(:'attempt', 't1', 20001), 'notice_mismatch');
select same('nor for another attempt', settle(:'order_no' || '03', 't1'), 'notice_mismatch');
select same('a paid order opens no attempt', (select outcome from xuqi.payment_open(:'no', 'alipay', 1800)),
            'already_paid');
select books_right('the books are right after a payment');

select same('a second payment is surplus', settle(:'order_no' || '03', 't2'), 'surplus');
select same('again it is a replay', settle(:'order_no' || '03', 't2'), 'replayed');
select same('a second payment of the same attempt is surplus', settle(:'attempt', 't3'), 'surplus');
select same('both are to be refunded', (select string_agg(gateway_txn || ' ' || reason || ' ' || state, ', ' order by 1)
                                          from xuqi.surplus), 't2 paid_twice due, t3 paid_twice due');
select same('the renewal does not move', status(:'no'), 'awaiting_review');

select renewal_in('awaiting_payment', 'race') as raced \gset
select attempt(:'raced') as first, attempt(:'raced', 'wechat') as second \gset
\set answers `race 8 "select story.settle((select max(attempt_no) from xuqi.payment_attempt where gateway = 'alipay'), 'race %i')"`
select same('of eight transactions at once one pays, seven are surplus', :'answers', 'settled=1 surplus=7');

select renewal_in('awaiting_payment', 'late') as late \gset
select attempt(:'late') as late_attempt \gset
begin;
update xuqi.payment_attempt set state = 'closed' where attempt_no = :'late_attempt';
update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where renewal_no = :'late';
commit;
select closed from xuqi.housekeeping(0) \gset
select same('what came after closing is surplus', settle(:'late_attempt', 't4'), 'surplus');
select same('and says why', (select reason from xuqi.surplus where gateway_txn = 't4'), 'not_payable');
select same('a closed renewal opens no attempt', (select outcome from xuqi.payment_open(:'late', 'alipay', 1800)),
            'renewal_state');

select renewal_no as automatic from submit('auto', 'auto', reviews => 0) \gset
select same('without reviews a payment leads to installation', settle(attempt(:'automatic'), 'auto') || ' '
            || status(:'automatic'), 'settled awaiting_install');
select renewal_no as verified from submit('verified', 'verified', reviews => 0, account => 'when_paid_online') \gset
select same('or to the account verification', settle(attempt(:'verified'), 'verified') || ' ' || status(:'verified'),
            'settled awaiting_account');

select same('a forged notice is kept', (select outcome from xuqi.notice_refuse('alipay', 'notice_signature', null, null, 'forged')), 'recorded');
select same('once', (select outcome from xuqi.notice_refuse('alipay', 'notice_signature', null, null, 'forged')), 'known');
\set answers `race 20 "select outcome from xuqi.notice_refuse('alipay', 'notice_signature', null, null, 'forged 2')"`
select same('also in a race', :'answers', 'known=19 recorded=1');
select renewal_in('awaiting_payment', 'forger') as forged \gset
select attempt(:'forged') as forged_attempt \gset
select outcome from xuqi.notice_refuse('alipay', 'notice_signature', :'forged_attempt', 'f1', 'notice f1') \gset
select same('a forgery does not stand in the way of the true notice', settle(:'forged_attempt', 'f1'), 'settled');

select books_right();
