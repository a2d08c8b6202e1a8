-- SPDX-License-Identifier: Apache-2.0
-- What the gateway answers now about money on which its bill and the books do not agree: kept with the difference, and acted on.
set search_path = story;
\ir support/bills.sql

-- Takes the attempt's row, as jobs does; the answer is what the gateway said.
create function story.told(attempt text, word text, txn text default '', read_at timestamptz default null, token bigint default null) returns text
language plpgsql as $$
declare
    task record;
begin
    update xuqi.outbox set run_at = clock_timestamp() - interval '1 hour' where event = attempt and state = 'ready';
    select * into task from xuqi.outbox_lease('payment_query', 100, 30) where event = attempt;
    update xuqi.outbox set state = 'ready', lease_until = null where topic = 'payment_query' and event <> attempt and state = 'leased';
    return (select outcome from xuqi.payment_query_end(task.id, coalesce(token, task.lease_token), attempt, word, 'CODE',
                                                       coalesce(read_at, clock_timestamp()), null, true, txn));
end
$$;
create function story.says(number text) returns text language sql as $$
    select concat_ws(' ', class, kind, state, action, nullif(answer, ''), nullif(answer_said, ''), nullif(note, '')) from xuqi.match_difference where gateway_id = number
$$;
create function story.asked_again_in(attempt text) returns text language sql as $$
    select state || ' ' || date_trunc('minute', run_at - now() + interval '30 seconds') from xuqi.outbox where topic = 'payment_query' and event = attempt
$$;
create function story.days_ago(number text, days bigint) returns void language plpgsql as $$
begin
    set local session_replication_role = replica;
    update xuqi.match_difference set asked_at = asked_at - make_interval(days => days::int) where gateway_id = number;
    set local session_replication_role = origin;
end
$$;

-- -- 短款: paid here, in no bill -----------------------------------------------------------------------------------------
select paid_at(name, '2026-06-20 12:00+08') from unnest('{has,denies,silent,other,early,billed}'::text[]) as name \g /dev/null
create function story.of(name text) returns text language sql as $$ select attempt_no from xuqi.payment_attempt where gateway_txn = 't-' || name $$;
select bill('alipay', '2026-06-20', '{}') || ' ' || match('alipay', '2026-06-20') as first \gset
select same('all wait a day', :'first', 'put 0 0 loaded matched 0 0 6 6 0');
select same('what nobody asked because of it is no answer', told(of('has'), 'paid', 't-has') || ' ' || says('t-has'), 'settled short payment waiting wait');
select bill('alipay', '2026-06-21', '{}') || ' ' || match('alipay', '2026-06-21') as second \gset
select same('then the gateway is asked about each', (select string_agg(concat_ws(' ', class, state, action, asked_at is not null, n), ', ') from
            (select class, state, action, asked_at is not null, asked_at is not null as asked_at, count(*) as n from xuqi.match_difference group by 1, 2, 3, 4, 5) as x), 'short open query t 6');
select same('it has the money: its bill is wrong, for a person', told(of('has'), 'paid', 't-has') || ', ' || says('t-has'), 'settled, short payment open person paid CODE');
select same('it denies it: for a person, at once', told(of('denies'), 'not_found') || ', ' || says('t-denies'), 'denied, short payment open person not_found CODE');
select same('on the audit trail', (select actor || ' ' || object || ' ' || detail from xuqi.audit_event where action = 'match.denied'), 'gateway:alipay t-denies short of 2026-06-20: not_found CODE');
select same('the attempt stays paid here', (select state || ' ' || last_word from xuqi.payment_attempt where attempt_no = of('denies')), 'paid not_found CODE');
select renewal_no as denied_no from xuqi.match_difference where gateway_id = 't-denies' \gset
select hire('ann') \g /dev/null
select same('the case says so', (select f.details[array_position(f.names, 'payment')] from xuqi.review_findings(array(select r from xuqi.renewal as r where r.renewal_no = :'denied_no')) as f), 'disputed');
select claim('ann', :'denied_no'), approve('ann', :'denied_no') \g /dev/null
select same('no certificate for it, also where it is approved', begin_issue(:'denied_no') || ' ' || (intend(:'denied_no')).outcome, 'payment_disputed payment_disputed');
select same('nor an issuance', (select count(*) from xuqi.issuance where renewal_no = :'denied_no')::text, '0');
select same('no answer: again', told(of('silent'), 'no_answer') || ', ' || says('t-silent') || ', ' || asked_again_in(of('silent')), 'later, short payment open query no_answer CODE, ready 00:10:00');
select same('an answer read before the question was put is none', told(of('early'), 'paid', 't-early', now() - interval '1 hour') || ', ' || says('t-early'), 'later, short payment open query');
select same('nor is that of who does not hold the row', told(of('early'), 'closed', token => 0) || ', ' || says('t-early'), 'stale, short payment open query');
update xuqi.outbox set state = 'ready', lease_until = null where state = 'leased';
select days_ago('t-silent', 2) \g /dev/null
select same('after a day without an answer it is a person''s', told(of('silent'), 'pending') || ', ' || says('t-silent'), 'settled, short payment open person pending CODE');
select days_ago('t-early', 2), match('alipay', '2026-06-21') \g /dev/null
select same('also when nobody asks any more', says('t-early'), 'short payment open person');
select outcome as surplus from xuqi.payment_settle('alipay', of('other'), 't-second', 20000, now(), '', 'answer', 'key 1') \gset
select same('paid under another number: that one is surplus, this one a person''s', :'surplus' || ' ' || told(of('other'), 'paid', 't-second') || ', ' || says('t-other'),
            'surplus settled, short payment open person paid_otherwise CODE paid under t-second');
-- While a day is matched nobody waits for it.
select pg_advisory_lock(hashtextextended('match:alipay', 0)) \g /dev/null
\set answers `race 1 "select story.told(story.of('billed'), 'paid', 't-billed')"`
select pg_advisory_unlock(hashtextextended('match:alipay', 0)) \g /dev/null
select same('an answer that comes while a day is matched is asked for again', :'answers' || ', ' || says('t-billed') || ', ' || asked_again_in(of('billed')), 'later=1, short payment open query, ready 00:00:00');
select same('a later bill explains what was asked about', bill('alipay', '2026-06-22', array[['payment', 't-billed', of('billed'), '20000', '120000', '', '']]) || ' '
            || match('alipay', '2026-06-22') || ', ' || says('t-billed'), 'put 1 0 loaded matched 1 0 0 0 0, cross_day payment settled none');
select same('what is explained is not asked about any more', told(of('billed'), 'not_found') || ', ' || says('t-billed'), 'settled, cross_day payment settled none');

-- -- 长款: in the bill, not paid here -------------------------------------------------------------------------------------
select attempt_no as late from xuqi.payment_open(renewal_in('awaiting_payment', 'late'), 'alipay', 1800, 'alipay', 5400, 5) \gset
select attempt_no as never from xuqi.payment_open(renewal_in('awaiting_payment', 'never'), 'alipay', 1800, 'alipay', 5400, 5) \gset
select attempt_no as both from xuqi.payment_open(renewal_in('awaiting_payment', 'both'), 'alipay', 1800, 'alipay', 5400, 5) \gset
select attempt_no as mixed from xuqi.payment_open(renewal_in('awaiting_payment', 'mixed'), 'alipay', 1800, 'alipay', 5400, 5) \gset
select bill('alipay', '2026-06-23', array[['payment', 'l-late', :'late', '20000', '120000', '', ''], ['payment', 'l-never', :'never', '20000', '120000', '', ''],
            ['payment', 'l-both1', :'both', '20000', '120000', '', ''], ['payment', 'l-both2', :'both', '20000', '120000', '', ''],
            ['payment', 'l-mixed', :'mixed', '20000', '120000', '', '']]) || ' ' || match('alipay', '2026-06-23') as third \gset
select same('all are asked about', :'third', 'put 5 0 loaded matched 5 0 5 0 5');
create function story.pays(attempt text, txn text) returns text language sql as $$
    select outcome from xuqi.payment_settle('alipay', attempt, txn, 20000, '2026-06-23 12:00+08', '', convert_to('answer ' || txn, 'UTF8'), 'key 1')
$$;
select same('paid: booked, and explained at once', pays(:'late', 'l-late') || ' ' || told(:'late', 'paid', 'l-late') || ', ' || says('l-late'), 'settled settled, long payment settled none paid CODE booked after a query');
select same('the order is paid', (select o.state from xuqi."order" as o join xuqi.payment_attempt as a using (order_no) where a.attempt_no = :'late'), 'paid');
select same('denied: nothing is booked, a person''s', told(:'never', 'closed') || ', ' || says('l-never'), 'closed, long payment open person closed CODE');
select xuqi.payment_ask(:'never', now()) \g /dev/null
select same('and paid after all: explained', pays(:'never', 'l-never') || ' ' || told(:'never', 'paid', 'l-never') || ', ' || says('l-never'), 'settled settled, long payment settled none paid CODE booked after a query');
select same('one of two that the bill has', pays(:'both', 'l-both1') || ' ' || told(:'both', 'paid', 'l-both1') || ', ' || says('l-both1') || ', ' || says('l-both2'),
            'settled settled, long payment settled none paid CODE booked after a query, long payment open query paid_otherwise CODE paid under l-both1');
select same('paid under a number that no bill has: a person''s', pays(:'mixed', 'l-else') || ' ' || told(:'mixed', 'paid', 'l-else') || ', ' || says('l-mixed'),
            'settled settled, long payment open person paid_otherwise CODE paid under l-else');
select bill('alipay', '2026-06-24', '{}') || ' ' || match('alipay', '2026-06-24') as fourth \gset
select same('the next day books the second payment by the bill''s word', says('l-both2') || ', ' || (select state from xuqi.surplus where gateway_txn = 'l-both2'),
            'long payment settled none paid_otherwise CODE booked after a query, due');
select books_right();

-- -- refunds --------------------------------------------------------------------------------------------------------------
select xuqi.bill_day_of('alipay', now()) as today \gset
create function story.due(name text) returns text language plpgsql as $$
declare
    attempt text := story.paid_at(name, now());
begin
    perform outcome from xuqi.payment_settle('alipay', attempt, 'u-' || name, 20000, now(), '', convert_to('again ' || name, 'UTF8'), 'key 1');
    return (select refund_no from xuqi.refund where attempt_no = attempt);
end
$$;
create function story.given(no text, word text) returns text language plpgsql as $$
declare
    task record;
begin
    perform outcome from xuqi.refund_begin(no, 50000);
    update xuqi.outbox set run_at = clock_timestamp() - interval '1 hour' where event = no and state = 'ready';
    select * into task from xuqi.outbox_lease('refund', 100, 30) where event = no;
    update xuqi.outbox set state = 'ready', lease_until = null where topic = 'refund' and event <> no and state = 'leased';
    return (select outcome from xuqi.refund_end(task.id, task.lease_token, no, word, 'CODE', 'G ' || no, now() + interval '1 minute'));
end
$$;
select due('sent') as sent, due('undone') as undone, due('lost') as lost, due('less') as less, due('none') as none, due('even') as even \gset
select same(word || ' at the gateway', given(no, word), outcome) from (values (:'sent', 'pending', 'later'), (:'undone', 'no_answer', 'later'), (:'lost', 'done', 'done'),
            (:'less', 'done', 'done'), (:'none', 'done', 'done'), (:'even', 'done', 'done')) as g (no, word, outcome);
select same('the day''s bill', bill('alipay', :'today', array[['refund', 'x/1', '', '20000', '0', :'sent', 'u-sent'], ['refund', 'x/2', '', '20000', '0', :'undone', 'u-undone'],
            ['refund', 'x/3', '', '20000', '0', :'even', 'u-even']], 'of today'), 'put 3 0 loaded');
select match('alipay', :'today') as today_matched \gset
select same('a refund of ours that the bill has is even', says('x/3'), null);
select same('one that we do not know as done is asked about', says('x/1') || ', ' || says('x/2'), 'state refund open query our refund is sent, state refund open query our refund is unknown');
select same('one that the bill lacks waits', says(:'lost') || ', ' || says(:'less') || ', ' || says(:'none'), 'short refund waiting wait, short refund waiting wait, short refund waiting wait');
select same('done: explained at once', given(:'sent', 'done') || ', ' || says('x/1'), 'done, state refund settled none done CODE our refund is done');
select same('denied: a person''s', given(:'undone', 'not_found') || ', ' || says('x/2'), 'later, state refund open person not_found CODE our refund is unknown');
select same('on the audit trail too', (select count(*) from xuqi.audit_event where action = 'match.denied' and object = 'x/2')::text, '1');
select same('done after all: explained', given(:'undone', 'done') || ', ' || says('x/2'), 'done, state refund settled none done CODE our refund is done');
select same('the next day''s bill has two of those that were missed', bill('alipay', (:'today'::date + 1)::text, array[['refund', 'x/4', '', '20000', '0', :'lost', 'u-lost'],
            ['refund', 'x/5', '', '19999', '0', :'less', 'u-less']], 'of tomorrow') || ' ' || match('alipay', (:'today'::date + 1)::text), 'put 2 0 loaded matched 0 0 0 0 0');
select same('which explains one, and makes the other 金额不符', says(:'lost') || ', ' || says(:'less') || ', ' || says(:'none'),
            'cross_day refund settled none, amount refund open person, short refund waiting wait');
select same('no second difference about them', (select count(*) from xuqi.match_difference where gateway_id in ('x/4', 'x/5'))::text, '0');
select bill('alipay', (:'today'::date + n)::text, '{}', 'later ' || n) || match('alipay', (:'today'::date + n)::text) from generate_series(2, 3) as n \g /dev/null
select same('after three days it is a person''s', says(:'none'), 'short refund open person');
\set answers `race 5 "select outcome from xuqi.match_run('alipay', ':today', 60)"`
select same('again, five at once: nothing twice', :'answers' || ' ' || (select count(*) from xuqi.match_difference where kind = 'refund'), 'matched=5 5');
select same('clearing is explained to the fen on those days', (select sum(abs(unexplained_fen)) from xuqi.clearing_days('alipay') where day >= :'today')::text, '0');
select books_right();

-- -- finance sees it ---------------------------------------------------------------------------------------------------------
select hire('fin', '{finance}') \g /dev/null
select same('asked, answered, and in what words', (select concat_ws(' ', class, action, asked_at is not null, answer, answer_said, answered_at is not null)
            from xuqi.difference_list(token('fin'), 'alipay', 'unexplained', '2026-06-20', 0, 100) where gateway_id = 't-denies'), 'match_short person t not_found CODE t');
select same('and how many wait for a person', (select value from xuqi.metrics_get() where metric = 'differences' and labels = 'rail="alipay",class="short",action="person"')::text,
            (select count(*) from xuqi.match_difference where class = 'short' and state = 'open' and action = 'person')::text);

-- -- found after all ---------------------------------------------------------------------------------------------------------
select same('the bill has what was denied, after all', bill('alipay', '2026-06-25', array[['payment', 't-denies', of('denies'), '20000', '120000', '', '']]) || ' '
            || split_part(match('alipay', '2026-06-25'), ' ', 1) || ', ' || says('t-denies'), 'put 1 0 loaded matched, cross_day payment settled none not_found CODE');
select same('and its certificate is free', begin_issue(:'denied_no', nonce => 'later') || ' ' || (intend(:'denied_no', nonce => 'later')).outcome, 'ready intended');
