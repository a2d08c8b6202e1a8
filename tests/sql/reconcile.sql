-- SPDX-License-Identifier: Apache-2.0
-- Daily reconciliation: bills are kept and loaded once, and joined with the books both ways.
set search_path = story;

\ir support/bills.sql

select same('midnight ends a day', (select string_agg(xuqi.bill_day_of(rail, at::timestamptz)::text, ' ') from (values
            ('alipay', '2026-11-20 23:59:59+08'), ('alipay', '2026-11-21 00:00:00+08'), ('unionpay', '2026-11-20 22:59:59+08'),
            ('unionpay', '2026-11-20 23:00:00+08')) as v (rail, at)), '2026-11-20 2026-11-21 2026-11-20 2026-11-21');
select yes('a day begins where it is first counted', xuqi.bill_day_of(rail, xuqi.bill_day_start(rail, '2026-11-20')) = '2026-11-20'
           and xuqi.bill_day_of(rail, xuqi.bill_day_start(rail, '2026-11-20') - interval '1 us') = '2026-11-19')
  from unnest('{alipay,unionpay,wechat}'::text[]) as rail;
select same('half an hour around it is near the cut', (select string_agg(xuqi.bill_near_cut('unionpay', at::timestamptz)::text, ' ')
            from unnest('{2026-11-20 22:29+08,2026-11-20 22:31+08,2026-11-20 23:29+08,2026-11-20 23:31+08}'::text[]) as at), 'false true true false');

-- Ours: one each.
select paid_at('even', '2026-11-20 12:00+08') as even \gset
select paid_at('short', '2026-11-20 12:00+08') as short \gset
select paid_at('near', '2026-11-20 23:50+08') as near \gset
select paid_at('more', '2026-11-20 12:00+08') as more \gset
select paid_at('fee', '2026-11-20 12:00+08') as fee \gset
select paid_at('twice', '2026-11-20 12:00+08') as twice \gset
select paid_at('early', '2026-11-19 12:00+08') as early \gset
select attempt_no as unpaid from xuqi.payment_open(renewal_in('awaiting_payment', 'unpaid'), 'alipay', 1800, 'alipay', 5400, 5) \gset
select attempt_no as wechat from xuqi.payment_open(renewal_in('awaiting_payment', 'other rail'), 'wechat', 1800, 'wechat', 5400, 5) \gset

select same('a day without a bill is not reconciled', match('alipay', '2026-11-20'), 'bill_missing');
select keep('alipay', '2026-11-20', 'the file') as file \gset
select same('the same bytes are one file', keep('alipay', '2026-11-20', 'the file')::text, :'file');
\set answers `race 10 "select story.keep('alipay', '2026-11-20', 'raced') > 0"`
select same('ten at once keep one', :'answers' || ' ' || (select count(*) from xuqi.bill_file where digest = digest('raced')), 't=10 1');
select same('a piece', (select outcome from xuqi.bill_piece_put(:file, 0, 'abc')), 'put');
select same('again', (select outcome from xuqi.bill_piece_put(:file, 0, 'abc')), 'put');
select refused('another content under its number', format('select xuqi.bill_piece_put(%s, 0, %L)', :file, 'abd'), '23505');
select same('it can be read', (select data from xuqi.bill_piece_get(:file, 0))::text, '\x616263');
select same('and ends', (select count(*) from xuqi.bill_piece_get(:file, 1))::text, '0');
select same('what cannot be read says where', (select outcome from xuqi.bill_refuse(keep('alipay', '2026-11-20', 'raced'), 'line 7: columns')), 'refused');

create function story.rows() returns text[] language sql as $$ select array[
    ['payment', 't-even', (select attempt_no from xuqi.payment_attempt where gateway_txn = 't-even'), '20000', '120000', '', ''],
    ['payment', 't-more', (select attempt_no from xuqi.payment_attempt where gateway_txn = 't-more'), '20001', '120000', '', ''],
    ['payment', 't-fee', (select attempt_no from xuqi.payment_attempt where gateway_txn = 't-fee'), '20000', '200000', '', ''],
    ['payment', 't-twice', (select attempt_no from xuqi.payment_attempt where gateway_txn = 't-twice'), '20000', '120000', '', ''],
    ['payment', 't-again', (select attempt_no from xuqi.payment_attempt where gateway_txn = 't-twice'), '20000', '120000', '', ''],
    ['payment', 't-unpaid', (select attempt_no from xuqi.payment_attempt as a where method = 'alipay' and gateway_txn is null), '20000', '120000', '', ''],
    ['payment', 't-other', (select attempt_no from xuqi.payment_attempt where method = 'wechat'), '20000', '120000', '', ''],
    ['payment', 't-strange', 'NOTOURS0000000001', '500', '3000', '', ''],
    ['refund', 't-even/r1', (select attempt_no from xuqi.payment_attempt where gateway_txn = 't-even'), '3000', '0', 'r1', 't-even'],
    ['dispute', 'ZME-1', '', '700', '0', '', '']] $$;
select same('rows are put', put(:file, rows()), 'put 10 0');
select same('again, none is new', put(:file, rows()), 'put 0 0');
select same('fewer than the file has: not loaded', (select outcome from xuqi.bill_loaded(:file, 11)), 'bill_malformed');
select same('all are there', (select outcome from xuqi.bill_loaded(:file, 10)), 'loaded');
select same('its totals', (select concat_ws(' ', state, payments, payments_fen, refunds, refunds_fen, disputes, fee_millifen)
            from xuqi.bill_day where rail = 'alipay' and day = '2026-11-20'), 'loaded 8 140501 1 3000 1 923000');

select same('the day is reconciled', match('alipay', '2026-11-20'), 'matched 8 2 10 2 7');
select same('equal: no word', difference('t-even'), null);
select same('长款 of an attempt that is not paid: asked', difference('t-unpaid'), 'long payment open query 0 20000 0');
select yes('and it is', exists (select from xuqi.outbox where topic = 'payment_query' and event = :'unpaid' and run_at <= now()));
select same('长款 of another rail''s attempt: to suspense', difference('t-other'), 'long payment open person 0 20000 20000');
select same('长款 of nobody', difference('t-strange'), 'long payment open person 0 500 500');
select same('a second payment of a paid attempt is booked as surplus', difference('t-again'), 'long payment settled none 20000 20000 0');
select same('to be refunded', (select reason || ' ' || state from xuqi.surplus where gateway_txn = 't-again'), 'paid_twice due');
select same('短款 waits a day', difference('t-short'), 'short payment waiting wait 20000 0 0');
select same('near the cut it is 跨日', difference('t-near'), 'cross_day payment waiting wait 20000 0 0');
select same('金额不符', difference('t-more'), 'amount payment open person 20000 20001 0');
select renewal_no as more_no from xuqi.match_difference where gateway_id = 't-more' \gset
select same('nothing is issued for it', (select payment_disputed::text from xuqi.renewal where renewal_no = :'more_no')
            || ' ' || (select payment_status from xuqi.renewal_progress(:'more_no')), 'true disputed');
select same('for nothing else', (select count(*) from xuqi.renewal where payment_disputed)::text, '1');
select same('手续费差异', difference('t-fee'), 'fee payment open person 20000 20000 0');
select same('a refund at the console is booked as external', difference('t-even/r1'), 'state refund open person 0 3000 -3000');
select same('a dispute is for a person', difference('ZME-1'), 'state dispute open person 0 700 0');
select same('fees are booked to the fen', (select string_agg(t.amount::text, ' ') from xuqi.posting as p join xuqi.transfer as t on t.posting_id = p.id
            where p.event_type = 'bill_fee'), '923');
-- 8 payments of ours (7 paid + the second) = 160000 + suspense 20500 - refund 3000 - fee 923
select same('what clearing holds', clearing('alipay'), '176577');
\set answers `race 5 "select story.match('alipay', '2026-11-20')"`
select same('again, five at once: nothing twice', :'answers' || ' ' || clearing('alipay'), 'matched 8 3 10 2 7=5 176577');
select same('each difference is raised once', (select count(*) from xuqi.match_difference)::text, '10');
select books_right();

-- A file that comes again with other rows.
select same('a changed row is raised, not overwritten', bill('alipay', '2026-11-20', array[
            ['payment', 't-even', :'even', '19999', '120000', '', '']], 'second file'), 'put 0 1 loaded');
select same('with what it was', (select concat_ws(' ', class, ours_fen, theirs_fen, state) from xuqi.match_difference where kind = 'change'), 'changed 20000 19999 open');
select same('the row is as it was', (select amount_fen from xuqi.bill_row where gateway_id = 't-even')::text, '20000');
select same('rows that it lacks are raised', (select note from xuqi.match_difference where kind = 'file'), '9 rows of earlier files are not in this one');
select refused('a row is never changed', 'update xuqi.bill_row set amount_fen = 1');

-- The next days.
select same('no bill on a day with trades is an alarm', (select outcome from xuqi.bill_absent('alipay', '2026-11-19')), 'missing');
select same('and not reconciled', match('alipay', '2026-11-19'), 'bill_missing');
select same('none on a day without is normal', (select outcome from xuqi.bill_absent('alipay', '2026-11-18')), 'empty');
select same('and reconciled', match('alipay', '2026-11-18'), 'matched 0 0 0 0 0');
select same('the next day''s bill', bill('alipay', '2026-11-21', array[['payment', 't-near', :'near', '20000', '120000', '', ''],
            ['payment', 't-early', :'early', '20000', '120000', '', '']]), 'put 2 0 loaded');
select same('it is reconciled', match('alipay', '2026-11-21'), 'matched 2 0 1 0 0');
select same('跨日 is explained by it', difference('t-near') || ' ' || (select their_day from xuqi.match_difference where gateway_id = 't-near'), 'cross_day payment settled none 20000 20000 0 2026-11-21');
select same('so is what is older', difference('t-early'), 'cross_day payment settled none 20000 20000 0');
select same('短款 after a day is asked about', difference('t-short'), 'short payment open query 20000 0 0');
select yes('at the gateway', exists (select from xuqi.outbox where topic = 'payment_query' and event = :'short' and run_at <= now()));
select same('and on the audit trail', (select detail from xuqi.audit_event where action = 'match.short'), '20000 of 2026-11-20 is in no statement');
select same('the answer to the question books the 长款', (select outcome from xuqi.payment_settle('alipay', :'unpaid', 't-unpaid', 20000,
            '2026-11-20 12:00+08', '', 'answer', 'key 1')), 'settled');
select match('alipay', '2026-11-21') as again \gset
select same('which is closed by it', difference('t-unpaid'), 'long payment settled none 20000 20000 0');
select paid_at('late', '2026-11-21 23:50+08') as late \gset
select match('alipay', '2026-11-21') as again \gset
select same('near the cut it waits', difference('t-late'), 'cross_day payment waiting wait 20000 0 0');
select bill('alipay', '2026-11-23', '{}') || match('alipay', '2026-11-23') as again \gset
select same('two days later still', difference('t-late'), 'cross_day payment waiting wait 20000 0 0');
select bill('alipay', '2026-11-24', '{}') || match('alipay', '2026-11-24') as again \gset
select same('after three it is 短款', difference('t-late'), 'short payment open query 20000 0 0');
select same('and found after all it is 跨日', bill('alipay', '2026-11-25', array[['payment', 't-late', :'late', '20000', '0', '', '']]) || ' '
            || match('alipay', '2026-11-25', -1) || ' ' || difference('t-late'), 'put 1 0 loaded matched 1 0 0 0 0 cross_day payment settled none 20000 20000 0');
select books_right();

-- UnionPay's day ends at 23:00.
select paid_at('union', '2026-11-20 23:05+08', 'unionpay') as union_attempt \gset
select same('23:05 is the next day''s', bill('unionpay', '2026-11-21', array[['payment', 't-union', :'union_attempt', '20000', '120000', '', '']]) || ' '
            || match('unionpay', '2026-11-21'), 'put 1 0 loaded matched 1 1 0 0 0');
select same('where no rate is agreed, fees are not compared', bill('wechat', '2026-11-21', array[['payment', 't-x', 'NOTOURS0000000002', '100', '0', '', '']]) || ' '
            || match('wechat', '2026-11-21', -1), 'put 1 0 loaded matched 1 0 1 0 1');

-- What is due.
select same('bills that should be out are asked for once', (select asked from xuqi.bill_due('{alipay}', '{0}'))::text || ' ' ||
            (select asked from xuqi.bill_due('{alipay}', '{0}')), (select count(*) from generate_series(greatest('2026-11-19'::date, xuqi.beijing(now())::date - 7),
            xuqi.beijing(now())::date - 1, interval '1 day') as d where not exists (select from xuqi.bill_day where rail = 'alipay' and day = d))::text || ' 0');
select same('a day of all rails', (select string_agg(concat_ws(' ', rail, state, payments, payments_fen, their_payments, their_payments_fen, even), ', ') from xuqi.match_show('2026-11-21')),
            'alipay loaded 1 20000 2 40000 0, unionpay loaded 1 20000 1 20000 1, wechat loaded 0 0 1 100 0');
select refused('a day is never removed', 'delete from xuqi.bill_day');
select refused('a difference neither', 'delete from xuqi.match_difference');
select refused('it stays what it is', 'update xuqi.match_difference set day = day + 1');
select books_right();

-- Finance's desk.
select hire('fin', '{finance}'), hire('fin2', '{finance}'), hire('aud', '{auditor}'), hire('rev', '{reviewer}') \g /dev/null
create function story.number(gateway text) returns bigint language sql as $$
    select id from xuqi.match_difference where gateway_id = gateway
$$;
select same('who may look', (select string_agg(name || ' ' || (select min(outcome) from xuqi.match_list(token(name), '2026-11-20', '2026-11-21')), ', ')
            from unnest('{fin,aud,rev,nobody}'::text[]) as name), 'fin ok, aud ok, rev forbidden, nobody unauthenticated');
select same('days of rails', (select count(*) from xuqi.match_list(token('fin'), '2026-11-20', '2026-11-21'))::text, '4');
select same('a day of nothing', (select outcome from xuqi.match_list(token('fin'), '2020-01-01', '2020-01-01')), 'empty');
select same('differences, some at a time', (select string_agg(class || ' ' || state, ', ') from xuqi.difference_list(token('aud'), 'alipay', 'unexplained', '2026-11-20', 0, 3)),
            'match_fee open, match_amount open, match_long open');
select same('none', (select outcome from xuqi.difference_list(token('aud'), 'unionpay', '', '', 0, 3)), 'empty');
select same('who may not', (select outcome from xuqi.difference_list(token('rev'), '', '', '', 0, 3)), 'forbidden');
select same('nor nobody', (select outcome from xuqi.difference_list(token('nobody'), '', '', '', 0, 3)), 'unauthenticated');
select same('who looks after it', (select outcome from xuqi.difference_assign(token('fin'), number('t-more'), 'fin')), 'assigned');
select same('of finance', (select outcome from xuqi.difference_assign(token('fin'), number('t-more'), 'rev')), 'staff_unknown');
select same('an auditor changes nothing', (select outcome from xuqi.difference_assign(token('aud'), number('t-more'), 'fin')), 'forbidden');
select same('an explained one has no owner', (select outcome from xuqi.difference_assign(token('fin'), number('t-near'), 'fin')), 'difference_closed');
select same('nor has none', (select outcome from xuqi.difference_assign(token('fin'), 0, 'fin')), 'difference_unknown');
select clearing('alipay')::bigint as before \gset
select version as more_version from xuqi.renewal where renewal_no = :'more_no' \gset
select version as seen from xuqi.difference_list(token('fin'), '', '', '', 0, 100) where id = number('t-more') \gset
update xuqi.match_difference set note = note || ' ' where id = number('t-more');
select same('who comes late is told so', (select outcome from xuqi.difference_assign(token('fin'), number('t-more'), 'fin2', :seen)) || ' '
            || (select outcome from xuqi.difference_resolve(token('fin'), number('t-more'), 'x', true, :seen)), 'difference_changed difference_changed');
select same('by whom and what', (select coalesce(changed_by, 'the server') || ' ' || changed from xuqi.staff_refuse(token('fin'), 'difference_changed', 'POST /api/v1/finance/differences/{id}/assignment', 'x', number('t-more')::text)), 'the server reconciliation');
select same('another one takes it over as it is', (select outcome from xuqi.difference_assign(token('fin2'), number('t-more'), 'fin2',
            (select version from xuqi.match_difference where id = number('t-more')))), 'assigned');
select same('and the first one hears of it', (select outcome from xuqi.difference_assign(token('fin'), number('t-more'), 'fin', :seen)) || ' '
            || (select changed_by || ' ' || changed from xuqi.staff_refuse(token('fin'), 'difference_changed', 'POST /api/v1/finance/differences/{id}/assignment', 'x', number('t-more')::text)), 'difference_changed FIN2 assignment');
select same('a difference is resolved with a reason', (select outcome from xuqi.difference_resolve(token('fin'), number('t-more'), '网关误计1分，已补', true)), 'resolved');
select same('again', (select outcome from xuqi.difference_resolve(token('fin'), number('t-more'), '网关误计1分，已补', true)), 'resolved');
select same('the certificate is free, and a waiting page is told', (select payment_disputed::text || ' ' || (version > :more_version)
            from xuqi.renewal where renewal_no = :'more_no'), 'false true');
select same('what it left goes to suspense', (clearing('alipay')::bigint - :before)::text, '1');
select same('not with other words', (select outcome from xuqi.difference_resolve(token('fin'), number('t-more'), '别的', true)), 'difference_closed');
select same('nor by who may not', (select outcome from xuqi.difference_resolve(token('rev'), number('t-fee'), '费率', false)), 'forbidden');
select refused('nor without words', format('select xuqi.difference_resolve(story.token(%L), %s, %L, false)', 'fin', number('t-fee'), ' '));
select same('it is on the audit trail', (select actor || ' ' || said(detail) from xuqi.audit_event where action = 'difference.resolve'), 'staff:fin 网关误计1分，已补 (-1 to suspense)');
select refused('what is resolved stays', format('update xuqi.match_difference set reason = %L where id = %s', 'other', number('t-more')));
select same('a day once more', (select outcome from xuqi.match_again(token('fin'), 'alipay', '2026-11-20')), 'asked');
select same('again', (select outcome from xuqi.match_again(token('fin'), 'alipay', '2026-11-20')), 'asked');
select same('is one row of the outbox', (select count(*) from xuqi.outbox where topic = 'bill_fetch' and event = 'alipay:2026-11-20')::text, '1');
select same('not of tomorrow', (select outcome from xuqi.match_again(token('fin'), 'alipay', (xuqi.beijing(now())::date + 1)::text)), 'bill_missing');
select outcome as uploaded, file_id as upload from xuqi.bill_upload(token('fin'), 'alipay', '2026-11-22', digest('upload'), convert_to(repeat('x', 1500000), 'UTF8')) \gset
select same('a bill handed in', :'uploaded', 'uploaded');
select same('is kept in pieces', (select string_agg(length(data)::text, ' ' order by number) from xuqi.bill_piece where file_id = :upload), '1048576 451424');
select same('for jobs', (select event from xuqi.outbox where topic = 'bill_load'), :'upload');
select same('again the same', (select file_id from xuqi.bill_upload(token('fin'), 'alipay', '2026-11-22', digest('upload'), convert_to(repeat('x', 1500000), 'UTF8')))::text, :'upload');
select same('who reads it knows what it is', (select concat_ws(' ', rail, day, size, source, actor) from xuqi.bill_get(:upload)), 'alipay 2026-11-22 1500000 uploaded staff:fin');
select same('not by who may not', (select outcome from xuqi.bill_upload(token('aud'), 'alipay', '2026-11-22', digest('upload'), 'x')), 'forbidden');
select same('nor by nobody', (select outcome from xuqi.bill_upload(token('nobody'), 'alipay', '2026-11-22', digest('upload'), 'x')), 'unauthenticated');
select same('what has been read stays: kept again, refused, or said not to be there', (select string_agg(outcome, ' ') from (select digest from xuqi.bill_file where id = :file) as f,
            lateral (select outcome from xuqi.bill_keep('alipay', '2026-11-20', f.digest, 100, 'command', 'operator') union all select outcome from xuqi.bill_refuse(:file, 'late')
                     union all select outcome from xuqi.bill_absent('alipay', '2026-11-20')) as o), 'loaded loaded loaded');
select same('how a day stands', (select string_agg((select state from xuqi.bill_state('alipay', d)), ' ') from unnest('{2026-11-18,2026-11-19,2026-11-20,2020-01-01}'::text[]) as d), 'empty missing loaded waiting');

-- Clearing accounts come to nothing, or are explained.
select same('why clearing holds what it holds', (select string_agg(concat_ws(' ', day, booked_fen, statement_fen, differences_fen, arrived_fen, remaining_fen, why, unexplained_fen), ', ' order by day desc nulls last)
            from xuqi.clearing_explain(token('aud'), 'alipay')),
            '2026-11-21 19760 39760 -20000 0 19760 awaiting_payout 0, 2026-11-20 176578 136578 40000 0 176578 awaiting_payout 0, '
            '2026-11-19 20000 0 20000 0 20000 awaiting_bill 0, 216338 196338 20000 0 216338 balance 0');
select same('the balance is the account''s', (select remaining_fen from xuqi.clearing_explain(token('fin'), 'alipay') where day is null)::text, clearing('alipay'));
create function story.arrive(day text, amount bigint, reference text, name text default 'fin', account text default '7443900182600096874') returns text language sql as $$
    select outcome from xuqi.settlement_book(token(name), 'alipay', day, amount, reference, '2026-11-23', account)
$$;
select same('a payout to an account that is not ours', arrive('2026-11-20', 136578, 'pay-1'), 'collecting_account_unknown');
\ir support/statement.sql
select same('or mistyped, is booked nowhere', arrive('2026-11-20', 136578, 'pay-1', account => '7443900182600096847'), 'collecting_account_unknown');
select same('and opens no account', (select string_agg(owner_key, ' ') from xuqi.account where kind = 'bank'), '7443900182600096874');
select same('a payout arrives', arrive('2026-11-20', 136578, 'pay-1'), 'booked');
select same('it is booked once', arrive('2026-11-20', 136578, 'pay-1'), 'booked');
\set answers `race 5 "select story.arrive('2026-11-21', 39760, 'pay-2')"`
select same('five at once are one', :'answers' || ' ' || (select count(*) from xuqi.settlement), 'booked=5 2');
select same('its reference stands for it', arrive('2026-11-20', 1, 'pay-1'), 'settlement_differs');
select same('who may not', arrive('2026-11-20', 1, 'pay-3', 'aud'), 'forbidden');
select refused('nothing is no payout', $$ select story.arrive('2026-11-20', 0, 'pay-4') $$);
select same('what is left is 短款 and what crossed the day', (select string_agg(concat_ws(' ', day, remaining_fen, why, unexplained_fen), ', ' order by day desc nulls last)
            from xuqi.clearing_explain(token('aud'), 'alipay')), '2026-11-21 -20000 differences 0, 2026-11-20 40000 differences 0, 2026-11-19 20000 awaiting_bill 0, 40000 balance 0');
select same('another payout', arrive('2026-11-20', 5, 'pay-5'), 'booked');
select same('that the bill does not name is not explained', (select unexplained_fen from xuqi.clearing_explain(token('aud'), 'alipay') where day is null)::text, '5');
select line(700, '', '支付宝', remark => '提现 pay-6') as by_reference, line(700, '', '支付宝') as alike \gset
create function story.line_of(reference text) returns text language sql as $$ select s.line_id || ' ' || l.taken_fen from xuqi.settlement s join xuqi.statement_line l on l.id = s.line_id where s.reference = line_of.reference $$;
select same('where statements are imported it is a line of theirs', arrive('2026-11-22', 12345, 'pay-0'), 'settlement_line_unknown');
select same('the one that holds the reference', arrive('2026-11-22', 700, 'pay-6') || ' ' || line_of('pay-6'), 'booked ' || :by_reference || ' 700');
select same('once', arrive('2026-11-22', 700, 'pay-6') || ' ' || line_of('pay-6'), 'booked ' || :by_reference || ' 700');
select same('out of what nobody was known for', (select a.kind::text from xuqi.settlement s join xuqi.transfer t on t.posting_id = s.posting_id join xuqi.account a on a.id = t.debit_id where s.reference = 'pay-6'), 'unmatched_receipts');
create function story.credited(reference text) returns text language sql as $$ select a.kind::text from xuqi.settlement s join xuqi.transfer t on t.posting_id = s.posting_id join xuqi.account a on a.id = t.credit_id where s.reference = credited.reference $$;
create function story.arrive_on(amount bigint, reference text) returns text language sql as $$
    select outcome from xuqi.settlement_book(token('fin'), 'alipay', '2026-11-22', amount, reference, xuqi.beijing(now())::date::text, '7443900182600096874')
$$;
select same('otherwise the only one of that amount and day', arrive_on(700, 'pay-7') || ' ' || line_of('pay-7'), 'booked ' || :alike || ' 700');
select same('which is used up', arrive_on(700, 'pay-8'), 'settlement_line_unknown');
select line(800, '', '支付宝'), line(800, '', '某人') \gset
select same('of two nobody chooses', arrive_on(800, 'pay-9'), 'settlement_line_unknown');
select same('what the gateway took back has left the bank', arrive_on(-50, 'pay-10') || ' ' || credited('pay-10'), 'booked bank');
select books_right('the books are right with payouts on the statement');
select refused('a payout is never changed', 'delete from xuqi.settlement');
select books_right();
