-- SPDX-License-Identifier: Apache-2.0
-- Gateways that are asked before they are believed: a notice alone books nothing, unknown stays unknown, nobody is asked
-- twice at once, and what contradicts itself goes to a person.
set search_path = story;

create function story.union_attempt(no text) returns text language sql as $$
    select attempt_no from xuqi.payment_open(no, 'unionpay', 900, 'unionpay', 1800, 5)
$$;
create function story.opened_at(attempt text) returns timestamptz language sql as $$
    select date_trunc('second', created_at) from xuqi.payment_attempt where attempt_no = attempt
$$;
create function story.notified(attempt text, txn text, amount_fen bigint default 20000, raw text default null) returns text
language sql as $$
    select outcome from xuqi.notice_ask('unionpay', attempt, txn, amount_fen, coalesce(opened_at(attempt), now()), '6222****1111',
                                        convert_to(coalesce(raw, 'notice ' || txn), 'UTF8'), '68759663125')
$$;
create function story.union_settle(attempt text, txn text, amount_fen bigint default 20000) returns text language sql as $$
    select outcome from xuqi.payment_settle('unionpay', attempt, txn, amount_fen, now(), '', convert_to('answer ' || txn, 'UTF8'), 'key')
$$;
-- Takes the attempt's row, as jobs does; the answer is what the gateway said.
create function story.asked(attempt text, word text, final boolean default false, next_in interval default '30 seconds',
                            read_at timestamptz default null) returns text
language plpgsql as $$
declare
    task record;
begin
    update xuqi.outbox set run_at = clock_timestamp() - interval '1 hour' where event = attempt and state = 'ready';
    select * into task from xuqi.outbox_lease('payment_query', 100, 30) where event = attempt;
    return (select outcome from xuqi.payment_query_end(task.id, task.lease_token, attempt, word, 'code',
                                                       coalesce(read_at, clock_timestamp()), now() + next_in, final));
end
$$;
create function story.attempt_state(attempt text) returns text language sql as $$
    select state || ' ' || last_word from xuqi.payment_attempt where attempt_no = attempt
$$;

select renewal_in('awaiting_payment', 'lee') as no \gset
select union_attempt(:'no') as attempt \gset
select same('opening asks the gateway five seconds later', (select event || ' ' || (run_at - created_at) from xuqi.outbox
            where topic = 'payment_query'), :'attempt' || ' 00:00:05');
select same('a young attempt is answered again', union_attempt(:'no'), :'attempt');
select attempt_no as other from xuqi.payment_open(:'no', 'wechat', 900, 'unionpay', 1800, 5) \gset
select same('another method may run on the same rail', (select method || ' ' || gateway from xuqi.payment_attempt where attempt_no = :'other'), 'wechat unionpay');
select same('until when it can be used is kept', (select (expires_at - created_at)::text from xuqi.payment_attempt where attempt_no = :'attempt'), '00:30:00');
select method, gateway, amount_fen from xuqi.payment_query_begin(:'attempt') \gset
select same('what jobs reads to ask', concat_ws(' ', :'method', :'gateway', :'amount_fen'), 'unionpay unionpay 20000');
select same('of nothing is no row', (select count(*) from xuqi.payment_query_begin('0000000000000000000000000000'))::text, '0');

select same('nothing found yet: asked again', asked(:'attempt', 'not_found'), 'later');
select same('the word is kept', attempt_state(:'attempt'), 'open not_found code');
select yes('at the time that was said', (select run_at between now() + interval '29 s' and now() + interval '31 s' from xuqi.outbox where event = :'attempt'));
select same('under way: unknown', asked(:'attempt', 'pending') || ' ' || attempt_state(:'attempt'), 'later unknown pending code');
select same('no answer leaves it unknown', asked(:'attempt', 'no_answer') || ' ' || attempt_state(:'attempt'), 'later unknown no_answer code');
select same('an unknown attempt is answered again, never another number', union_attempt(:'no'), :'attempt');
update xuqi.payment_attempt set state = 'unknown', created_at = created_at - interval '20 minutes' where attempt_no in (:'attempt', :'other');
select same('nor when its form is too old', (select outcome from xuqi.payment_open(:'no', 'unionpay', 900, 'unionpay', 1800, 5)), 'payment_pending');
select same('nor for another method of the rail', (select outcome from xuqi.payment_open(:'no', 'wechat', 900, 'unionpay', 1800, 5)), 'payment_pending');
select same('another rail is free', (select outcome from xuqi.payment_open(:'no', 'alipay', 900)), 'opened');
update xuqi.payment_attempt set state = case attempt_no when :'attempt' then 'unknown' else 'closed' end, created_at = created_at + interval '20 minutes' where attempt_no in (:'attempt', :'other');
select same('it was asked three times', (select asked::text from xuqi.payment_attempt where attempt_no = :'attempt'), '3');
select same('somebody wanted to know while the gateway was asked: at once again',
            asked(:'attempt', 'not_found', true, read_at => now() - interval '1 hour'), 'later');
select yes('in a second', (select run_at <= now() + interval '1 s' from xuqi.outbox where event = :'attempt'));
select same('who does not hold the row says nothing', (select outcome from xuqi.payment_query_end(
            (select id from xuqi.outbox where event = :'attempt'), 99, :'attempt', 'not_found', '', now(), now(), false)), 'stale');

select same('a notice of another amount is not asked', notified(:'attempt', 'q0', 19999), 'notice_mismatch');
select same('nor one of another time', (select outcome from xuqi.notice_ask('unionpay', :'attempt', 'q0', 20000, opened_at(:'attempt') + interval '1 s', '', 'x', 'k')), 'notice_mismatch');
select same('nor of an unknown attempt', notified('0000000000000000000000000000', 'q0', raw => 'q0 of nothing'), 'notice_mismatch');
select attempt(:'no', 'alipay') as alipay \gset
select same('nor of another rail''s', notified(:'alipay', 'q0', raw => 'q0 of alipay''s'), 'notice_mismatch');
select same('each is kept', (select string_agg(distinct reason, ', ' order by reason) from xuqi.payment_notice where verdict = 'mismatch'),
            'amount differs, attempt belongs to another gateway, no such attempt, time of the order differs');
select same('a good notice is kept and asked', notified(:'attempt', 'q1'), 'asked');
select same('it books nothing', (select count(*) from xuqi.posting where event_type = 'gateway') || ' ' || status(:'no'), '0 awaiting_payment');
select yes('the gateway is asked at once', (select run_at <= now() from xuqi.outbox where event = :'attempt'));
\set answers `race 20 "select story.notified(':attempt', 'q1')"`
select same('twenty copies at once are one question', :'answers' || ' ' || (select count(*) from xuqi.outbox where event = :'attempt'), 'asked=20 1');
select same('and one notice', (select count(*) from xuqi.payment_notice where verdict = 'asked')::text, '1');

\set answers `race 20 "select story.union_settle(':attempt', 'q1')"`
select same('of twenty answers one books', :'answers', 'replayed=19 settled=1');
select same('it is paid on that rail', status(:'no') || ' ' || (select paid_gateway from xuqi."order" where order_no = (select order_no from xuqi.renewal where renewal_no = :'no')), 'awaiting_review unionpay');
select same('the notice again is a replay', notified(:'attempt', 'q1', raw => 'sent once more'), 'replayed');
select same('an answer that comes later changes nothing', asked(:'attempt', 'not_found', true), 'settled');
select same('nobody is asked any more', (select count(*) from xuqi.outbox where event = :'attempt')::text, '0');
select same('another transaction under its number is asked', notified(:'attempt', 'q2'), 'asked');
select same('and is surplus', union_settle(:'attempt', 'q2'), 'surplus');
select same('paid on another rail as well: surplus', settle(attempt_no, 'a1'), 'surplus') from xuqi.payment_attempt where gateway = 'alipay';
select books_right('the books are right with one order paid three times');

-- Paid after close.
select renewal_in('awaiting_payment', 'late') as late \gset
select union_attempt(:'late') as attempt \gset
update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where renewal_no = :'late';
select closed from xuqi.housekeeping(0) \gset
select same('an attempt that the gateway has not given up keeps its renewal open', status(:'late'), 'awaiting_payment');
select same('not found after its time is never: closed', asked(:'attempt', 'not_found', true) || ' ' || attempt_state(:'attempt'), 'closed closed not_found code');
update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where renewal_no = :'late';
select closed from xuqi.housekeeping(0) \gset
select same('then its renewal is closed', status(:'late'), 'closed');
select same('a notice after that is asked all the same', notified(:'attempt', 'q3'), 'asked');
select same('the answer is surplus', union_settle(:'attempt', 'q3'), 'surplus');
select same('for its reason', (select reason from xuqi.surplus where gateway_txn = 'q3'), 'not_payable');

-- Notice and answer contradict each other.
select renewal_in('awaiting_payment', 'liar') as liar \gset
select union_attempt(:'liar') as attempt \gset
select notified(:'attempt', 'q4') as noticed \gset
select same('the notice says paid, the answer no: asked again', asked(:'attempt', 'not_paid'), 'later');
select same('to the end: a person', asked(:'attempt', 'not_found', true), 'person');
select same('it stays unknown and is not closed', attempt_state(:'attempt'), 'unknown not_found code');
select same('the question is kept', (select state from xuqi.outbox where event = :'attempt'), 'dead');
select same('and on the audit trail', (select count(*) from xuqi.audit_event where action = 'payment.unknown' and object = :'attempt')::text, '1');
update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where renewal_no = :'liar';
select closed from xuqi.housekeeping(0) \gset
select same('its renewal is not closed', status(:'liar'), 'awaiting_payment');
select same('a later notice takes it back from the dead', notified(:'attempt', 'q4', raw => 'again'), 'asked');
select same('and it is ready', (select state from xuqi.outbox where event = :'attempt'), 'ready');
select same('and it may still be booked', union_settle(:'attempt', 'q4') || ' ' || status(:'liar'), 'settled awaiting_review');

-- No word at all.
select renewal_in('awaiting_payment', 'silent') as silent \gset
select union_attempt(:'silent') as attempt \gset
select same('silence to the end: a person, never closed', asked(:'attempt', 'no_answer', true, null) || ' ' || attempt_state(:'attempt'), 'person unknown no_answer code');

-- The page that waits.
select renewal_in('awaiting_payment', 'page') as page \gset
select union_attempt(:'page') as attempt \gset
select outcome || ' ' || method || ' ' || state as refreshed from xuqi.payment_refresh(:'page', :'attempt') \gset
select same('the page learns how it stands', :'refreshed', 'found unionpay open');
select yes('and has it asked now', (select run_at <= now() from xuqi.outbox where event = :'attempt'));
select asked(:'attempt', 'not_found', next_in => '1 hour') as answered \gset
select outcome as refreshed from xuqi.payment_refresh(:'page', :'attempt') \gset
select yes('but not more often than every three seconds', (select run_at between asked_at + interval '3 s' and asked_at + interval '3.1 s'
            from xuqi.outbox, xuqi.payment_attempt where event = attempt_no and attempt_no = :'attempt'));
select same('another renewal''s page does not', (select outcome from xuqi.payment_refresh(:'silent', :'attempt')), 'payment_unknown');
select same('the payer who comes back from the gateway finds its renewal', (select renewal_no from xuqi.payment_refresh(null, :'attempt')), :'page');
select same('a gateway that is not asked is not', (select outcome || ' ' || count from xuqi.payment_refresh(:'page', attempt(:'page', 'alipay')),
            (select count(*) from xuqi.outbox where topic = 'payment_query' and renewal_no = :'page') as n (count)), 'found 1');
select refused('a form that ends before it begins', format('select xuqi.payment_open(%L, %L, 0, %L, 0, null)', :'page', 'wechat', 'wechat'));
select books_right();
