-- SPDX-License-Identifier: Apache-2.0
-- Bank transfers: what a payer declares is held against the statement; money is taken once, by whom it agrees with, and
-- nothing is lost.
set search_path = story;
\ir support/statement.sql

select renewal_no as no, order_no as order_no from submit('lee', 'lee', organisation => '广州市李氏医药有限公司') \gset
select same('before any money came it waits', declare(:'no', '6222000000000001', '广州市李氏医药有限公司'), 'waiting');
select same('again, it is the same row', declare(:'no', '6222000000000001', '广州市李氏医药有限公司') || ' '
            || (select count(*) from xuqi.declared_transfer where renewal_no = :'no'), 'waiting 1');
select same('the amount alone is not enough', (select declare(:'no', '6222000000000001', '广州市李氏医药有限公司')
              from line(20000, '6222000000000777', '深圳市别家贸易有限公司')), 'waiting');
select same('nor is the account with another day', (select declare(:'no', '6222000000000001', '广州市李氏医药有限公司')
              from line(20000, '6222000000000001', '广州市李氏医药有限公司', days => -10)), 'waiting');
select same('another amount from the account is shown beside', (select declare(:'no', '6222000000000001', '广州市李氏医药有限公司')
              from line(19900, '6222000000000001', '广州市李氏医药有限公司')), 'differs');
select same('with what the bank says', (select state || ' ' || declared_fen || ' ' || bank_amount_fen from xuqi.transfer_list(:'no')),
            'differs 20000 19900');
select same('who does not know the account is not told', declare(:'no', '6222000000009999', '广州市李氏医药有限公司'), 'waiting');
select line(20000, '6222000000000001', '广州市李氏医药（有限）公司') as line \gset
\set answers `race 20 "select story.declare(':no', '6222000000000001', '广州市李氏医药有限公司')"`
select same('of twenty at once all are told that it was found', :'answers', 'matched=20');
select same('it is taken once', (select count(*) || ' ' || sum(fen) from xuqi.transfer_match), '1 20000');
select same('the order is paid', (select status || ' ' || order_state || ' ' || received_fen || ' ' || credit_fen
              from xuqi.transfer_list(:'no') limit 1), 'awaiting_review paid 20000 0');
select same('progress says by what', (select payment_status || ' ' || paid_method from xuqi.renewal_progress(:'no')), 'paid bank_transfer');
select same('the applicant is told once', (select count(*) from xuqi.outbox where event = 'paid' and renewal_no = :'no')::text, '1');
select same('sent again, the answer is the same', declare(:'no', '6222000000000001', '广州市李氏医药有限公司'), 'matched');
select same('another row is refused by then', declare(:'no', '6222000000000002', '广州市李氏医药有限公司'), 'already_paid');
select same('what was found is not deleted', (select x.outcome from xuqi.declared_transfer d, xuqi.transfer_remove(:'no', d.id) x
              where d.renewal_no = :'no' and d.state = 'matched'), 'transfer_matched');
select same('what was not found is', (select string_agg(x.outcome, ' ') from xuqi.declared_transfer d, xuqi.transfer_remove(:'no', d.id) x
              where d.renewal_no = :'no' and d.state <> 'matched'), 'removed');
select same('also twice', (select string_agg(x.outcome, ' ') from xuqi.declared_transfer d, xuqi.transfer_remove(:'no', d.id) x
              where d.renewal_no = :'no' and d.state <> 'matched'), 'removed');
select same('nobody else''s row is', (select outcome from xuqi.transfer_remove('0120260101000000999', 1)), 'transfer_unknown');
select books_right('the books are right after a transfer');

select renewal_no as other from submit('other', 'other', organisation => '珠海市王氏药业有限公司') \gset
select same('a line that paid another order is used', declare(:'other', '6222000000000001', '广州市李氏医药有限公司'), 'used');

-- Masked accounts and names.
select renewal_no as masked from submit('masked', 'masked', organisation => '佛山市胡氏器械有限公司') \gset
select same('a masked account needs the name as well', (select declare(:'masked', '6222000000001234', '佛山市胡氏器械有限公司')
              from line(20000, '6222****1234', '佛山市何氏器械有限公司')), 'waiting');
select same('and the digits that are shown', (select declare(:'masked', '6222000000005678', '佛山市胡氏器械有限公司')
              from line(20000, '6222****1234', '佛山市胡氏器械有限公司')), 'waiting');
select same('with both it is found', declare(:'masked', '6222000000001234', '佛山市胡氏器械有限公司'), 'matched');
select renewal_no as person from submit('张三丰', 'person', organisation => '') \gset
select same('a person''s name is not enough', (select declare(:'person', '6217000000000001', '张三丰')
              from line(20000, '6217000000000002', '张三丰')), 'waiting');
select same('both masked is', (select declare(:'person', '6217000000000001', '张三丰')
              from line(20000, '6217********0001', '张**')), 'matched');

-- Two lines that could be it.
select renewal_no as two from submit('two', 'two', organisation => '惠州市双份商贸有限公司') \gset
select line(20000, '', '惠州市双份商贸有限公司'), line(20000, '6222000000000222', '惠州市双份商贸有限公司') \gset
select same('two that are not alike are for finance', declare(:'two', '6222000000000333', '惠州市双份商贸有限公司'), 'ambiguous');
select order_no as two_order from xuqi.renewal where renewal_no = :'two' \gset
select same('one that names the order is taken', (select declare(:'two', '6222000000000333', '惠州市双份商贸有限公司')
              from line(20000, '6222000000000444', '惠州市双份商贸有限公司', remark => '订单 ' || :'two_order')), 'matched');
select renewal_no as alike from submit('alike', 'alike', organisation => '中山市同样商贸有限公司') \gset
select line(20000, '6222000000000555', '中山市同样商贸有限公司', days => -1), line(20000, '6222000000000555', '中山市同样商贸有限公司') as near \gset
select same('of those that are alike one is taken', declare(:'alike', '6222000000000555', '中山市同样商贸有限公司'), 'matched');
select same('the nearest', (select (line_id = :near)::text from xuqi.transfer_match where renewal_no = :'alike'), 'true');

-- Somebody who says that another's money is his.
select renewal_no as thief from submit('thief', 'thief', organisation => '东莞市冒领有限公司') \gset
select renewal_no as owner from submit('owner', 'owner', organisation => '江门市失主有限公司') \gset
select same('money of a payer who owes just that is for finance', (select declare(:'thief', '6222000000000666', '江门市失主有限公司')
              from line(20000, '6222000000000666', '江门市失主有限公司')), 'ambiguous');
select same('he himself gets it', declare(:'owner', '6222000000000666', '江门市失主有限公司'), 'matched');
select renewal_no as named, order_no as named_order from submit('named', 'named', organisation => '肇庆市指名有限公司') \gset
select same('a line that names another order is not taken', (select declare(:'thief', '6222000000000888', '东莞市冒领有限公司')
              from line(20000, '6222000000000888', '东莞市冒领有限公司', remark => '付 ' || :'named_order')), 'waiting');

-- Several transfers, one order; one transfer, several orders.
select renewal_no as parts from submit('parts', 'parts', organisation => '茂名市分期有限公司') \gset
select same('a part payment is put aside', (select declare(:'parts', '6222000000001001', '茂名市分期有限公司', 15000)
              from line(15000, '6222000000001001', '茂名市分期有限公司')), 'matched');
select same('and shown', (select status || ' ' || received_fen || ' ' || credit_fen from xuqi.transfer_list(:'parts') limit 1),
            'awaiting_payment 15000 0');
select books_right('the books are right with a part payment');
select same('the rest pays the order, and more is credit', (select declare(:'parts', '6222000000001001', '茂名市分期有限公司', 60000)
              from line(60000, '6222000000001001', '茂名市分期有限公司')), 'matched');
select same('账户余额', (select status || ' ' || received_fen || ' ' || credit_fen from xuqi.transfer_list(:'parts') limit 1),
            'awaiting_review 20000 55000');
select renewal_no as next from submit('next', 'next', organisation => '茂名市分期有限公司') \gset
select renewal_no as after_next from submit('after next', 'after next', organisation => '茂名市分期有限公司') \gset
select renewal_no as last from submit('last', 'last', organisation => '茂名市分期有限公司') \gset
\set answers `race 12 "select outcome from xuqi.credit_use((array[':next', ':after_next', ':last'])[1 + mod(%i, 3)])"`
select same('the credit pays the next orders, and not more than there is', :'answers', 'already_paid=6 credit_absent=3 used=3');
select same('what is left is put aside for the third', (select string_agg(o.state || ' ' || o.funded_fen, ', ' order by o.state desc, o.order_no)
              from xuqi."order" o where renewal_no in (:'next', :'after_next', :'last')), 'unpaid 15000, paid 20000, paid 20000');
select books_right('the books are right after credit was used');
select same('cancelled, it is free again', (select x.outcome from xuqi.renewal r, xuqi.renewal_cancel(r.renewal_no) x
              where r.renewal_no in (:'next', :'after_next', :'last') and r.status = 'awaiting_payment'), 'cancelled');
select same('for the next', (select credit_fen::text from xuqi.transfer_list(:'parts') limit 1), '15000');
select books_right('the books are right after a cancelled part payment');

-- A gateway pays what was partly paid by transfer.
select renewal_no as both from submit('both', 'both', organisation => '湛江市两路有限公司') \gset
select same('part by transfer', (select declare(:'both', '6222000000001101', '湛江市两路有限公司', 5000)
              from line(5000, '6222000000001101', '湛江市两路有限公司')), 'matched');
select same('all by Alipay', settle(attempt(:'both'), 'both'), 'settled');
select same('the part is credit', (select order_state || ' ' || credit_fen from xuqi.transfer_list(:'both') limit 1), 'paid 5000');
select books_right('the books are right when both ways were used');

-- A transfer that came after the renewal was closed.
select renewal_no as late from submit('late', 'late', organisation => '潮州市迟到有限公司') \gset
select same('it waits', declare(:'late', '6222000000001201', '潮州市迟到有限公司'), 'waiting');
update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where renewal_no = :'late';
select closed from xuqi.housekeeping(0) \gset
select line(20000, '6222000000001201', '潮州市迟到有限公司') \gset
select same('it is found all the same', (select v.outcome from xuqi.declared_transfer d, xuqi.transfer_verify(d.id, '6222000000001201', '潮州市迟到有限公司') v
              where d.renewal_no = :'late'), 'matched');
select same('as credit', (select status || ' ' || credit_fen from xuqi.transfer_list(:'late') limit 1), 'closed 20000');

-- The account is proven.
select renewal_no as proven from submit('proven', 'proven', organisation => '清远市自证有限公司', reviews => 0, account => 'when_paid_online') \gset
select same('from its own account no 0.01 yuan is needed', (select declare(:'proven', '6222000000001301', '清远市自证有限公司')
              from line(20000, '6222000000001301', '清远市自证有限公司')) || ' ' || status(:'proven'), 'matched awaiting_install');
select renewal_no as unproven from submit('unproven', 'unproven', organisation => '云浮市他付有限公司', reviews => 0, account => 'when_paid_online') \gset
select same('from another''s it is', (select declare(:'unproven', '6222000000001401', '韶关市代付有限公司')
              from line(20000, '6222000000001401', '韶关市代付有限公司')) || ' ' || status(:'unproven'), 'matched awaiting_account');

-- Limits, and who does not take transfers.
select renewal_no as many from submit('many', 'many') \gset
select count(declare(:'many', '62220000000' || (50000 + n), 'somebody who pays')) as declared from generate_series(1, 20) n \gset
select same('twenty rows are enough', declare(:'many', '6222000000060000', 'somebody who pays'), 'transfer_limit');
select same('an unknown renewal', declare('0120260101000000999', '6222000000060000', 'x'), 'renewal_unknown');

-- Two matchers on one line.
select renewal_no as one from submit('one', 'one', organisation => '汕头市一条有限公司') \gset
select renewal_no as eins from submit('eins', 'eins', organisation => '汕头市一条有限公司') \gset
select line(20000, '6222000000001501', '汕头市一条有限公司') as only_line \gset
\set answers `race 30 "select story.declare((array[':one', ':eins'])[1 + mod(%i, 2)], '6222000000001501', '汕头市一条有限公司')"`
select same('of two orders that want one line one gets it', :'answers', 'matched=15 used=15');
select same('never over the line''s amount', (select taken_fen::text from xuqi.statement_line where id = :only_line), '20000');
select refused('nor by force', format('update xuqi.statement_line set taken_fen = 20001 where id = %s', :only_line));
select refused('a match stays as it was made', 'update xuqi.transfer_match set fen = fen + 1');
select refused('and is not deleted', 'delete from xuqi.transfer_match');
select books_right();

-- What a verification reads does not grow with what others paid in those days, also by the plan that a connection keeps.
insert into xuqi.statement_line (collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, payer_account,
                                 payer_account_digits, payer_name, payer_name_normal, remark, fingerprint)
select 1, 1, 'busy ' || n, xuqi.beijing(now())::date, 'credit', 20000, '6223' || lpad(n::text, 12, '0'),
       '6223' || lpad(n::text, 12, '0'), '别家付款' || n || '有限公司', '别家付款' || n || '有限公司', '', digest(n::text)
  from generate_series(1, 10000) as n;
analyze xuqi.statement_line;
select renewal_no as busy from submit('busy', 'busy', organisation => '茂名市迟来商贸有限公司') \gset
do $$
begin
    for turn in 1 .. 8 loop
        perform 'kept plans come with the sixth call'
           from xuqi.transfer_candidates('', 20000, xuqi.beijing(now())::date, '6222000000000999', '茂名市迟来商贸有限公司');
    end loop;
end
$$;
begin;
select same('its payer has paid nothing', declare(:'busy', '6222000000000999', '茂名市迟来商贸有限公司'), 'waiting');
select same('it reads no lines of others', (select seq_tup_read + idx_tup_fetch < 100 from pg_stat_xact_user_tables
                                              where relid = 'xuqi.statement_line'::regclass)::text, 'true');
commit;
