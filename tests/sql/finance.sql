-- SPDX-License-Identifier: Apache-2.0
-- The finance desk: matches by hand, suspense, money back to its sender; once, by finance alone, by two people where it must be.
set search_path = story;
\ir support/statement.sql

select hire('fay', array['finance']), hire('fin', array['finance']), hire('rev') \gset
create function story.ask(key text, kind text, line bigint default 0, no text default '', match bigint default 0, fen bigint default 0,
                          who text default 'fay', two text[] default '{}') returns text language sql as $$
    select outcome from xuqi.finance_ask(story.token(who), 'key-' || key, kind, line, no, match, fen, '电话核实', two)
$$;
create function story.decide(key text, who text, approve boolean default true) returns text language sql as $$
    select outcome from xuqi.finance_decide(story.token(who), coalesce((select id from xuqi.finance_request where request_key = 'key-' || key), 0), approve)
$$;
create function story.taken(line bigint) returns text language sql as $$ select taken_fen::text from xuqi.statement_line where id = line $$;

select renewal_no as a, order_no as a_order from submit('a', 'a', organisation => '广州市甲方有限公司') \gset
select renewal_no as b, order_no as b_order from submit('b', 'b', organisation => '广州市乙方有限公司') \gset
select line(40000, '6222000000000001', '集团公司代付有限公司') as line \gset
select same('a reviewer may not', ask('no-1', 'match', :line, :'a_order', 0, 20000, 'rev'), 'forbidden');
select same('a stranger may not', ask('no-2', 'match', :line, :'a_order', 0, 20000, 'nobody'), 'unauthenticated');
select same('a line that is not there', ask('no-3', 'match', 999999, :'a_order', 0, 20000), 'line_unknown');
select same('an order that is not there', ask('no-4', 'match', :line, '20260101000000010000000000', 0, 20000), 'order_unknown');
select same('more than it holds', ask('no-5', 'match', :line, :'a_order', 0, 40001), 'line_taken');
select same('of a refusal nothing is kept', (select count(*)::text from xuqi.finance_request), '0');
select same('half of a line pays one order', ask('half-one', 'match', :line, :'a_order', 0, 20000) || ' ' || status(:'a'), 'done awaiting_review');
select same('sent again it is done once', ask('half-one', 'match', :line, :'a_order', 0, 20000) || ' ' || taken(:line), 'done 20000');
select same('the key is for nothing else', ask('half-one', 'match', :line, :'b_order', 0, 20000), 'request_conflict');
select same('nor for somebody else', ask('half-one', 'match', :line, :'a_order', 0, 20000, 'fin'), 'request_conflict');
\set answers `race 10 "select story.ask('race-%i', 'match', :line, ':b_order', 0, 20000)"`
select same('of ten at once one gets the other half', :'answers', 'done=1 line_taken=9');
select same('which pays the other order', taken(:line) || ' ' || status(:'b'), '40000 awaiting_review');
\set answers `race 10 "select story.ask('same-key-', 'suspend', (select max(id) from xuqi.statement_line), '', 0, 1)"`
select same('one key at once is one request', :'answers', 'line_taken=10');
select same('asking and doing are on the trail', (select string_agg(action, ' ' order by id) from xuqi.audit_event where object = 'request:1'),
            'finance.match.asked finance.match.done');
select same('what paid an order is not taken back', ask('undo-1', 'unmatch', 0, '', (select min(id) from xuqi.transfer_match)), 'match_spent');
select books_right('the books are right after matches by hand');

-- Undone.
select renewal_no as c, order_no as c_order from submit('c', 'c', organisation => '广州市丙方有限公司') \gset
select line(5000, '6222000000000003', '丙方有限公司') as c_line \gset
select same('a part payment', ask('part-one', 'match', :c_line, :'c_order', 0, 5000), 'done');
select max(id) as c_match from xuqi.transfer_match \gset
select same('is taken back', ask('part-undo', 'unmatch', 0, '', :c_match) || ' ' || taken(:c_line), 'done 0');
select same('from the order as well', (select received_fen || ' ' || credit_fen from xuqi.transfer_list(:'c')), '0 0');
select same('once', ask('part-undo-2', 'unmatch', 0, '', :c_match), 'match_undone');
select same('one that is not there', ask('part-undo-3', 'unmatch', 0, '', 999999), 'match_unknown');
select same('it is not matched to that renewal by itself again', declare(:'c', '6222000000000003', '丙方有限公司', 5000), 'waiting');
select same('by hand it may be', ask('part-two', 'match', :c_line, :'c_order', 0, 5000), 'done');
select books_right('the books are right after a match was undone');

-- Where the platform wants two.
select renewal_no as d, order_no as d_order from submit('d', 'd', organisation => '广州市丁方有限公司') \gset
select line(20000, '6222000000000004', '丁某') as d_line \gset
select same('it is asked', ask('two-one', 'match', :d_line, :'d_order', 0, 20000, 'fay', array['sz-consumables']) || ' ' || taken(:d_line) || ' ' || status(:'d'),
            'asked 0 awaiting_payment');
select same('who asked does not decide', decide('two-one', 'fay'), 'decider_same');
select same('a reviewer neither', decide('two-one', 'rev'), 'forbidden');
\set answers `race 6 "select story.decide('two-one', 'fin')"`
select same('the second does it, once', :'answers' || ' ' || taken(:d_line) || ' ' || status(:'d'), 'done=6 20000 awaiting_review');
select same('and it stays decided', decide('two-one', 'fin', false), 'request_decided');
select same('one that is not there', decide('none-such', 'fin'), 'request_unknown');
select refused('a decision stands', 'update xuqi.finance_request set state = ''refused''');
select refused('one person is not two', format('insert into xuqi.finance_request (request_key, kind, fen, reason, state, asked_by, decided_by, decided_at, two_people)
    select ''key-force'', ''return'', 1, ''x'', ''done'', id, id, now(), true from xuqi.staff where name = %L', 'fay'));

-- Suspense, and money back.
select line(700, '6222000000000005', '不明有限公司') as e_line \gset
select same('suspended', ask('suspend-1', 'suspend', :e_line, '', 0, 700) || ' ' || taken(:e_line), 'done 700');
select same('it is not matched', ask('suspend-2', 'match', :e_line, :'d_order', 0, 700), 'line_taken');
select same('released', ask('release-1', 'release', :e_line, '', 0, 700) || ' ' || taken(:e_line), 'done 0');
select same('once', ask('release-2', 'release', :e_line, '', 0, 700), 'suspension_unknown');
select books_right('the books are right after suspense');
select same('money goes out with two people, whatever the platform says', ask('return-1', 'return', :e_line, '', 0, 700) || ' ' || taken(:e_line), 'asked 0');
select same('meanwhile it may be used', ask('suspend-3', 'suspend', :e_line, '', 0, 600), 'done');
select same('then it cannot go out', decide('return-1', 'fin') || ' ' || (select state from xuqi.finance_request where request_key = 'key-return-1'), 'line_taken asked');
select same('released again', ask('release-3', 'release', :e_line, '', 0, 600), 'done');
select same('it goes', decide('return-1', 'fin') || ' ' || taken(:e_line), 'done 700');
select same('as a payout to be made', (select state || ' ' || fen || ' ' || (payer_credit_id is null) from xuqi.payout_request where line_id = :e_line), 'approved 700 true');
select line(100, '6222****0006', '打码有限公司') as f_line \gset
select same('not to an account that the bank masks', ask('return-2', 'return', :f_line, '', 0, 100), 'payer_account_unknown');
select max(id) as c_match from xuqi.transfer_match where renewal_no = :'c' \gset
select same('what is put aside is no credit to repay', ask('repay-1', 'repay', 0, '', :c_match, 5000), 'credit_absent');
select same('cancelled, it is', (select outcome from xuqi.renewal_cancel(:'c')) || ' ' || ask('repay-2', 'repay', 0, '', :c_match, 5000), 'cancelled asked');
select same('refused by the second, it stays the payer''s', decide('repay-2', 'fin', false) || ' ' || (select credit_fen::text from xuqi.transfer_list(:'c')), 'refused 5000');
select same('asked again, and done', ask('repay-3', 'repay', 0, '', :c_match, 5000) || ' ' || decide('repay-3', 'fin'), 'asked done');
select same('it has left', (select credit_fen::text from xuqi.transfer_list(:'c')), '0');
select same('not twice', ask('repay-4', 'repay', 0, '', :c_match, 5000), 'credit_absent');
select books_right('the books are right after money went back');

-- What the desk sees.
select renewal_no as g, order_no as g_order from submit('g', 'g', organisation => '广州市庚方有限公司') \gset
select line(19000, '6222000000000007', '广州市庚方有限公司', remark => :'g_order') as g_line, line(20000, '6222000000000008', '广州市庚方医疗有限公司') as h_line \gset
select same('the likeliest first, with reasons', (select string_agg((order_no = :'g_order') || ':' || score || ':' || reasons, ' ') from xuqi.finance_candidates(token('fay'), :g_line, 1)),
            'true:155:number_in_remark name_agrees');
select same('a name that is nearly his', (select best_reasons from xuqi.finance_lines(token('fay'), 'open', 0, 40000, 1000000, 100) where line_id = :h_line), 'amount_agrees name_similar');
select same('of an order the lines', (select string_agg(line_id::text, ' ') from xuqi.finance_order_candidates(token('fay'), :'g_order', 5)), :g_line || ' ' || :h_line);
select same('lists are for finance alone', (select string_agg(o, ' ') from (select outcome from xuqi.finance_lines(token('rev'), 'open', 0, 40000, 9, 9)
    union all select outcome from xuqi.finance_orders(token('rev'), 'all', '', 9) union all select outcome from xuqi.finance_matches(token('rev'), 0, '', 0, 40000, 9, 9)
    union all select outcome from xuqi.finance_requests(token('rev'), 'all', 9, 9) union all select outcome from xuqi.finance_candidates(token('rev'), 1, 9)
    union all select outcome from xuqi.finance_order_candidates(token('rev'), 'x', 9)) as l (o)), 'forbidden forbidden forbidden forbidden forbidden forbidden');
select same('nobody sees them without a session', (select string_agg(o, ' ') from (select outcome from xuqi.finance_lines(token('nobody'), 'open', 0, 40000, 9, 9)
    union all select outcome from xuqi.finance_orders(token('nobody'), 'all', '', 9) union all select outcome from xuqi.finance_matches(token('nobody'), 0, '', 0, 40000, 9, 9)
    union all select outcome from xuqi.finance_requests(token('nobody'), 'all', 9, 9) union all select outcome from xuqi.finance_candidates(token('nobody'), 1, 9)
    union all select outcome from xuqi.finance_order_candidates(token('nobody'), 'x', 9)) as l (o)),
    'unauthenticated unauthenticated unauthenticated unauthenticated unauthenticated unauthenticated');
select same('of what is not there nothing', (select outcome from xuqi.finance_candidates(token('fay'), 999999, 9)) || ' ' || (select outcome from xuqi.finance_order_candidates(token('fay'), 'x', 9)),
            'line_unknown order_unknown');
select same('found by a part of the name, of the account, of the remark; not by what is in none', (select string_agg(coalesce((select string_agg(line_id::text, ' ') from xuqi.finance_lines(token('fay'), 'open', 0, 40000, 1000000, 100, words)), '-'), ', ' order by n)
    from unnest(array['庚方医疗', '00000008', :'g_order', 'nowhere at all']) with ordinality as w (words, n)), format('%s, %s, %s, -', :'h_line', :'h_line', :'g_line'));
select same('nothing is empty', (select outcome from xuqi.finance_lines(token('fay'), 'open', 0, 1, 1000000, 100)), 'empty');
select same('what was asked', (select string_agg(distinct outcome || ' ' || state, ', ') from xuqi.finance_requests(token('fay'), 'all', 1000000, 200)), 'ok done, ok refused');
select books_right();

-- With thousands of open lines and orders of one price a page of either costs what a page costs.
insert into xuqi.statement_line (collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, payer_account,
                                 payer_account_digits, payer_name, payer_name_normal, remark, fingerprint)
select i.collecting_account_id, i.id, 'many ' || n, xuqi.beijing(now())::date, 'credit', 20000, '6223' || lpad(n::text, 12, '0'),
       '6223' || lpad(n::text, 12, '0'), '别家付款' || n || '有限公司', '别家付款' || n || '有限公司', '', digest(n::text)
  from generate_series(1, 5000) as n, (select * from xuqi.statement_import order by id limit 1) as i;
do $$ begin perform submit('many ' || n, 'many ' || n) from generate_series(1, 500) as n; end $$;
analyze;
select same('twenty orders', (read_of($$select from xuqi.finance_orders(token('fay'), 'all', '', 20)$$) < 5000)::text, 'true');
select same('orders of which something came', (read_of($$select from xuqi.finance_orders(token('fay'), 'started', '', 20)$$) < 2000)::text, 'true');
select same('twenty lines', (read_of($$select from xuqi.finance_lines(token('fay'), 'open', 0, 40000, 1000000, 20)$$) < 5000)::text, 'true');
