-- SPDX-License-Identifier: Apache-2.0
-- Who decided a case as its reviewer does not move its money, also after a change of duties.
set search_path = story;
\ir support/statement.sql

select hire('fay', array['finance']), hire('ann') \gset
select order_no as a_order from submit('a', 'a', organisation => '广州市甲方有限公司') \gset
select renewal_no as b, order_no as b_order from submit('b', 'b', organisation => '广州市乙方有限公司') \gset
select line(20000, '6222000000000001', '丙某') as line \gset
select same('somebody asks for a match, which needs two', (select outcome from xuqi.finance_ask(
            token('fay'), 'key-match', 'match', :line, :'b_order', 0, 20000, '电话核实', '{sz-consumables}')), 'asked');
select id as request from xuqi.finance_request \gset
select same('it is paid otherwise meanwhile', settle(attempt(:'b'), 'txn b'), 'settled');
select same('ann reviews', claim('ann', :'b') || ' ' || approve('ann', :'b'), 'claimed approved');
select refund_no as refund from xuqi.refund_ask(token('fay'), :'b_order', 20000, 'complaint', 'key-refund') \gset
-- A year later she is of finance.
update xuqi.staff set roles = array['finance'] where name = 'ann';
select same('finance now', login('ann', 2), 'opened');

select same('she asks for nothing', (select outcome from xuqi.finance_ask(token('ann'), 'key-a', 'match', :line, :'b_order', 0, 100, 'x', '{}')), 'duty_conflict');
select same('decides nothing', (select outcome from xuqi.finance_decide(token('ann'), :request, true)), 'duty_conflict');
select same('asks for no refund', (select outcome from xuqi.refund_ask(token('ann'), :'b_order', 20000, 'x', 'key-b')), 'duty_conflict');
select same('approves none', (select outcome from xuqi.refund_approve(token('ann'), :'refund')), 'duty_conflict');
select same('refuses none', (select outcome from xuqi.refund_refuse(token('ann'), :'refund', 'x')), 'duty_conflict');
select same('tries none again', (select outcome from xuqi.refund_retry(token('ann'), :'refund')), 'duty_conflict');
select same('pays none out', (select outcome from xuqi.refund_pay_out(token('ann'), :'refund', '7443900182600096874', 'R1')), 'duty_conflict');
select same('and notes no invoice', (select outcome from xuqi.order_invoice(token('ann'), :'b_order', 'issued', '26312000000000000001')), 'duty_conflict');
select same('another order is hers to work on', (select outcome from xuqi.refund_ask(token('ann'), :'a_order', 20000, 'x', 'key-c')), 'renewal_state');
select same('nothing came of all that', (select state from xuqi.refund where refund_no = :'refund'), 'asked');
