-- SPDX-License-Identifier: Apache-2.0
-- Automatic matching: by number, by a number with a slip, by what adds up; never by the amount alone, nothing twofold.
set search_path = story;
\ir support/statement.sql

-- All phases over all imports, as jobs runs them; how much was matched.
create function story.match(batch bigint default 1000) returns bigint language plpgsql as $$
declare
    total bigint := 0;
    part  record;
    file  bigint;
    phase text;
    after bigint;
begin
    for file in select id from xuqi.statement_import order by id loop
        foreach phase in array array['numbers', 'misspelt', 'sums'] loop
            after := 0;
            loop
                select * into part from xuqi.statement_match(file, phase, after, batch);
                total := total + part.matched;
                after := part.last_line;
                exit when part.looked < batch;
            end loop;
        end loop;
    end loop;
    return total;
end
$$;
create function story.ordered(word text, organisation text, months bigint default 12) returns text language sql as $$
    select renewal_no from story.submit(word, word, organisation => organisation, months => months)
$$;
create function story.order_of(no text) returns text language sql as $$ select order_no from xuqi.renewal where renewal_no = no $$;
create function story.rules(no text) returns text language sql as $$
    select string_agg(rule || ' ' || fen, ', ' order by id) from xuqi.transfer_match where renewal_no = no and undone_at is null
$$;

-- Numbers.
select same('a remark''s numbers', (select string_agg(n, ' ' order by n) from xuqi.remark_numbers('订单：２０２６ 1121 0832 5501-0000000042,谢谢') n),
            '20261121083255010000000042');
select same('of a renewal, glued to an amount', (select string_agg(n, ' ' order by n) from xuqi.remark_numbers('续期012026112100000460200.00元') n),
            '01202611210000046 012026112100000460');
select ordered('n1', '广州市单号有限公司') as n1 \gset
select line(20000, '6222000000002001', '别人代付有限公司', remark => '订单号 ' || order_of(:'n1')) \gset
select ordered('n2', '广州市全角有限公司') as n2 \gset
select line(20000, '', '', remark => translate(:'n2', '0123456789', '０１２３４５６７８９')) \gset
select ordered('n3', '广州市单号部分有限公司') as n3 \gset
select line(15000, '6222000000002003', '广州市单号部分有限公司', remark => :'n3') \gset
select ordered('n4', '广州市单号他人有限公司') as n4 \gset
select line(15000, '6222000000002004', '另一家有限公司', remark => :'n4') \gset
select ordered('n5', '广州市两单有限公司') as n5, ordered('n6', '广州市两单有限公司') as n6 \gset
select line(40000, '6222000000002005', '另一家有限公司', remark => format('%s、%s', :'n5', order_of(:'n6'))) \gset
select ordered('n7', '广州市两笔有限公司') as n7 \gset
select import() as file \gset
select line(5000, '6222000000002007', '某某甲有限公司', remark => :'n7', import_id => :file), line(15000, '6222000000002008', '某某乙有限公司', remark => :'n7', import_id => :file) \gset
select ordered('n9', '广州市付两次有限公司') as n9 \gset
select line(20000, '6222000000002009', '广州市付两次有限公司', remark => :'n9') as first, line(20000, '6222000000002009', '广州市付两次有限公司', remark => :'n9') as second \gset
select same('matched by number', match()::text, '9');
select same('the amount agrees: anybody may have paid', rules(:'n1') || ' ' || status(:'n1'), 'order_number 20000 awaiting_review');
select same('full width is as good', status(:'n2'), 'awaiting_review');
select same('the payer agrees: a part payment', rules(:'n3') || ' ' || status(:'n3'), 'order_number 15000 awaiting_payment');
select same('neither agrees: for finance', rules(:'n4'), null);
select same('one line, two orders', status(:'n5') || ' ' || status(:'n6') || ' ' || rules(:'n6'), 'awaiting_review awaiting_review order_number 20000');
select same('two lines, one order', status(:'n7') || ' ' || rules(:'n7'), 'awaiting_review order_number 5000, order_number 15000');
select same('paid twice, the second is credit', (select order_state || ' ' || credit_fen from xuqi.transfer_list(:'n9')), 'paid 20000');
select same('each says why', (select count(*) from xuqi.transfer_match where reason = '')::text, '0');
select same('again there is nothing to do', match()::text, '0');
select books_right('the books are right after numbers');

-- Slips.
create function story.slip(number text) returns text language sql as $$
    select overlay(number placing translate(substr(number, 12, 1), '0123456789', '1234567890') from 12 for 1)
$$;
select same('slips', (select string_agg(xuqi.digits_apart(a, b)::text, ' ' order by n) from (values
    (1, '1234567890', '1234567890'), (2, '1234567890', '1234567899'), (3, '1234567890', '1243567890'), (4, '1234567890', '123456890'),
    (5, '1234567890', '12334567890'), (6, '1234567890', '9234567899'), (7, '1234567890', '9934567899'), (8, '1234567890', '12345678'),
    (9, '1234567890', '123456789'), (10, '123456789', '1234567899')) as v (n, a, b)), '0 1 1 1 1 2 9 9 1 1');
select ordered('s1', '深圳市笔误有限公司') as s1, ordered('s2', '深圳市笔误有限公司') as s2 \gset
select line(20000, '6222000000003001', '深圳市笔误有限公司', remark => '订单' || slip(order_of(:'s1'))) \gset
select line(20000, '6222000000003002', '深圳市不是有限公司', remark => '订单' || slip(order_of(:'s2'))) \gset
select same('a slip is forgiven to the payer', match() || ' ' || rules(:'s1') || ' ' || status(:'s2'), '1 order_number_misspelt 20000 awaiting_payment');

-- What adds up.
select same('one is one', (select string_agg(x::text, ' ') from xuqi.sums_explain('{5}', '{2026-01-02}', '{5}', '{2026-01-01}') x), '(1,1,one_to_one)');
select same('not before it was asked for', (select string_agg(x::text, ' ') from xuqi.sums_explain('{5}', '{2025-12-31}', '{5}', '{2026-01-01}') x), null);
select same('one of two that are alike cannot be told', (select string_agg(x::text, ' ') from xuqi.sums_explain('{5}', '{2026-01-02}', '{5,5}', '{2026-01-01,2026-01-01}') x), null);
select same('two of two can', (select string_agg(x::text, ' ') from xuqi.sums_explain('{5,5}', '{2026-01-02,2026-01-02}', '{5,5}', '{2026-01-01,2026-01-01}') x), '(1,1,one_to_one) (2,2,one_to_one)');
select same('one of different ones can', (select string_agg(x::text, ' ') from xuqi.sums_explain('{5}', '{2026-01-02}', '{5,7}', '{2026-01-01,2026-01-01}') x), '(1,1,one_to_one)');
select same('5 is 5, or 2 and 3', (select string_agg(x::text, ' ') from xuqi.sums_explain('{5}', '{2026-01-02}', '{5,2,3}', '{2026-01-01,2026-01-01,2026-01-01}') x), null);
select same('a sum', (select string_agg(x::text, ' ') from xuqi.sums_explain('{9}', '{2026-01-02}', '{5,4,3}', '{2026-01-01,2026-01-01,2026-01-01}') x), '(1,1,one_to_many) (1,2,one_to_many)');
select same('a sum in two ways', (select string_agg(x::text, ' ') from xuqi.sums_explain('{9}', '{2026-01-02}', '{5,4,6,3}', '{2026-01-01,2026-01-01,2026-01-01,2026-01-01}') x), null);
select same('two want one order', (select string_agg(x::text, ' ') from xuqi.sums_explain('{5,9}', '{2026-01-02,2026-01-02}', '{5,4}', '{2026-01-01,2026-01-01}') x), null);
select same('pieces', (select string_agg(x::text, ' ') from xuqi.sums_explain('{2,3}', '{2026-01-02,2026-01-20}', '{5}', '{2026-01-01}') x), '(1,1,many_to_one) (2,1,many_to_one)');
select same('pieces too far apart', (select string_agg(x::text, ' ') from xuqi.sums_explain('{2,3}', '{2026-01-02,2026-03-20}', '{5}', '{2026-01-01}') x), null);
select same('pieces in two ways', (select string_agg(x::text, ' ') from xuqi.sums_explain('{2,3,3}', '{2026-01-02,2026-01-02,2026-01-02}', '{5}', '{2026-01-01}') x), null);
select same('one that came twice cannot be told', (select string_agg(x::text, ' ') from xuqi.sums_explain('{5,5}', '{2026-01-02,2026-01-03}', '{5}', '{2026-01-01}') x), null);
select same('many that are alike', (select count(*)::text from xuqi.sums_explain(array_fill(5::bigint, '{12}'), array_fill(date '2026-01-02', '{12}'), array_fill(5::bigint, '{12}'), array_fill(date '2026-01-01', '{12}'))), '12');
select same('many that are not are left', (select count(*)::text from xuqi.sums_explain(array_fill(5::bigint, '{12}'), array_fill(date '2026-01-02', '{12}'), array_fill(5::bigint, '{11}'), array_fill(date '2026-01-01', '{11}'))), '0');

select ordered('m1', '珠海市一对一有限公司') as m1 \gset
select line(20000, '6222000000004009', '珠海市一对一（有限）公司'), line(20000, '6222000000004001', ' 珠海市一对一有限公司 ') as m1_line \gset
select ordered('m2', '珠海市甲乙丙有限公司') as m2, ordered('m3', '珠海市甲乙丙有限公司', 36) as m3 \gset
select line(20003, '6222000000004002', '珠海市甲乙丙有限公司') \gset
select ordered('m4', '珠海市分两次有限公司') as m4 \gset
select line(12000, '6222000000004004', '珠海市分两次有限公司'), line(8000, '6222000000004004', '珠海市分两次有限公司') \gset
select ordered('m5', '张三') as m5 \gset
select line(20000, '6222000000004005', '张三') \gset
select ordered('m6', '珠海市同额有限公司') as m6 \gset
select line(20000, '6222000000004006', '珠海市别的同额有限公司') \gset
select ordered('m7', '珠海市合同有限公司') as m7 \gset
select line(20000, '6222000000004007', '珠海市合同有限公司', remark => '货款 合同20260000123456') \gset
select ordered('m8', '珠海市早付有限公司') as m8 \gset
select line(20000, '6222000000004008', '珠海市早付有限公司', days => -20) \gset
select same('what adds up is matched', match(2)::text, '5');
select same('one to one, by the name in its normal form', rules(:'m1') || ' ' || (select (line_id = :m1_line)::text from xuqi.transfer_match where renewal_no = :'m1'), 'one_to_one 20000 true');
select same('one to many', rules(:'m2') || ' ' || rules(:'m3') || ' ' || status(:'m3'), 'one_to_many 20000 one_to_many 3 awaiting_review');
select same('many to one', rules(:'m4') || ' ' || status(:'m4'), 'many_to_one 12000, many_to_one 8000 awaiting_review');
select same('a person''s name is not enough', rules(:'m5'), null);
select same('nor is the amount', rules(:'m6'), null);
select same('nor is a line about something else', rules(:'m7'), null);
select same('nor what came before it was asked for', rules(:'m8'), null);
select books_right('the books are right after sums');

-- An account he has paid from before.
select ordered('k1', '珠海市一对一有限公司') as k1 \gset
select line(20000, '6222000000004001', '') \gset
select same('a known account stands for the name', match() || ' ' || rules(:'k1'), '1 one_to_one 20000');
select ordered('k2', '阳江市新户有限公司') as k2 \gset
select line(20000, '6222000000004001', '') \gset
select same('not for another payer''s', match() || ' ' || coalesce(rules(:'k2'), 'none'), '0 none');

-- Lines that are nobody's payment.
select ordered('r1', '梅州市冲正有限公司') as r1 \gset
select line(20000, '6222000000005001', '梅州市冲正有限公司', kind => 'returned') \gset
select same('a payment of ours that came back is no receipt', match() || ' ' || coalesce(rules(:'r1'), 'none'), '0 none');

-- Everything at once.
select count(ordered('race' || n, format('河源市赛跑%s号有限公司', n))) as orders from generate_series(1, 20) n \gset
select import() as race_file \gset
select count(line(20000, '62220000000' || (60000 + n), format('河源市赛跑%s号有限公司', n), import_id => :race_file)) as lines from generate_series(1, 20) n \gset
\set answers `race 8 "select looked from xuqi.statement_match((select max(id) from xuqi.statement_import), 'sums', 0, 1000)"`
select same('eight matchers over the same lines', :'answers', '20=8');
select same('each line is used once', (select count(*) || ' ' || count(distinct line_id) || ' ' || count(distinct order_no)
              from xuqi.transfer_match m join xuqi.statement_line l on l.id = m.line_id where l.import_id = :race_file), '20 20 20');
select books_right();

-- What one order writes, each order of a portion has written.
create function story.written(no text) returns text language sql as $$
    select concat_ws(' ', r.status, r.version, r.risk, r.review_order > now(),
               (select string_agg(kind || ' ' || version, ', ' order by id) from xuqi.review_step where renewal_no = no),
               (select string_agg(name || '=' || result || ':' || detail, ',' order by name) from xuqi.review_check where renewal_no = no and round = 0),
               (select count(*) = 1 from xuqi.review_look where renewal_no = no),
               (select (t.number, t.serial, t.mobile) = (right(no, 4), right(r.certificate_serial, 4), right(c.agent_mobile_masked, 4))
                  from xuqi.review_tail as t where t.renewal_no = no),
               (select string_agg(action || ' ' || actor, ', ' order by id) from xuqi.audit_event where object = no and action ~ '^(transfer|payment)'),
               (select string_agg(event, ',') from xuqi.outbox where renewal_no = no),
               (select count(*) from xuqi.posting as p where p.event_type = 'credit_use' and p.event_key = r.order_no))
      from xuqi.renewal as r join xuqi.renewal_content as c using (renewal_no) where r.renewal_no = no
$$;
select ordered('alone', '河源市单独有限公司') as alone, count(ordered('several' || n, format('河源市一批%s号有限公司', n))) as several from generate_series(1, 3) as n \gset
select line(20000, '6222000000006001', '河源市单独有限公司') \gset
select match() \g /dev/null
select import() as several_file \gset
select count(line(20000, '62220000000' || (61000 + n), format('河源市一批%s号有限公司', n), import_id => :several_file)) as lines from generate_series(1, 3) as n \gset
select match() \g /dev/null
select same('a portion writes what an order alone writes', string_agg(distinct written(renewal_no), ' / '), written(:'alone'))
  from xuqi.renewal where organisation like '河源市一批%';
select same('a case comes to the desk once', (select count(*) || ' ' || count(distinct renewal_no) from xuqi.review_step as s join xuqi.renewal as r using (renewal_no)
             where r.organisation like '河源市一批%'), '3 3');
select same('and by one change, not two', (select string_agg(distinct version::text, ',') from xuqi.renewal where organisation like '河源市一批%'),
            (select version::text from xuqi.review_step where renewal_no = :'alone'));
select books_right();
select ordered('part paid', '河源市分次有限公司') as part_paid \gset
select version as part_version from xuqi.renewal where renewal_no = :'part_paid' \gset
select line(5000, '6222000000006002', '河源市分次有限公司', remark => :'part_paid') \gset
select match() \g /dev/null
select same('what is paid in part stays, and is told', (select status || ' ' || (version - :part_version) from xuqi.renewal where renewal_no = :'part_paid'), 'awaiting_payment 1');

-- Portions, and two matchers that have one each.
select same('portions are every line, once and in order', (select string_agg(until || '', ' ' order by n) from xuqi.statement_portions(:several_file, 2) with ordinality as p (until, n)),
            (select format('%s %s', (array_agg(id order by id))[2], max(id)) from xuqi.statement_line where import_id = :several_file));
select same('of an import without lines there is none', (select count(*) from xuqi.statement_portions(0, 2))::text, '0');
select count(ordered('halves' || n, format('河源市两半%s号有限公司', n))) as orders from generate_series(1, 4) as n \gset
select import() as halves_file \gset
select count(line(20000, '62220000000' || (62000 + n), format('河源市两半%s号有限公司', n), import_id => :halves_file)) as lines from generate_series(1, 4) as n \gset
select (array_agg(until order by until))[1] as half from xuqi.statement_portions(:halves_file, 2) \gset
select same('a portion ends where it is told to', (select concat_ws(' ', last_line = :half, looked, matched, paid) from xuqi.statement_match(:halves_file, 'sums', 0, 1000, :half)), 't 2 2 2');
select same('the next begins there', (select concat_ws(' ', looked, matched, paid) from xuqi.statement_match(:halves_file, 'sums', :half, 1000)), '2 2 2');

-- One order that the books refuse does not take the others of its portion along.
select count(ordered('refused' || n, format('河源市拒绝%s号有限公司', n))) as orders from generate_series(1, 3) as n \gset
select import() as refused_file \gset
select count(line(20000, '62220000000' || (63000 + n), format('河源市拒绝%s号有限公司', n), import_id => :refused_file)) as lines from generate_series(1, 3) as n \gset
begin;
set local client_min_messages = error;
set local session_replication_role = replica;
update xuqi.balance set debits = 0 where account_id = (select receivable_id from xuqi."order" where payer_name_normal = xuqi.party_name_normal('河源市拒绝2号有限公司'));
set local session_replication_role = origin;
select same('two of three are paid', (select concat_ws(' ', matched, paid) from xuqi.statement_match(:refused_file, 'sums', 0, 1000)), '2 2');
select same('the third is as it was', (select concat_ws(' ', r.status, o.state, o.funded_fen, (select count(*) from xuqi.transfer_match as m where m.order_no = o.order_no),
            (select taken_fen from xuqi.statement_line as l where l.payer_name = r.organisation), (select count(*) from xuqi.review_look as k where k.renewal_no = r.renewal_no),
            (select count(*) from xuqi.posting as p where p.event_key = o.order_no and p.event_type = 'credit_use'))
              from xuqi.renewal as r join xuqi."order" as o on o.order_no = r.order_no where r.organisation = '河源市拒绝2号有限公司'), 'awaiting_payment unpaid 0 0 0 0 0');
select same('and the trail says why', (select string_agg(e.actor || ' ' || e.action || ' ' || (e.detail like '%no_overdraft%'), ', ') from xuqi.audit_event as e
              join xuqi.renewal as r on r.renewal_no = e.object where r.organisation like '河源市拒绝%' and e.action = 'transfer.refused'), 'matcher transfer.refused true');
rollback;
select same('when the books agree again, all three are', (select concat_ws(' ', matched, paid) from xuqi.statement_match(:refused_file, 'sums', 0, 1000)), '3 3');
select books_right();

-- A waiting page is told of a match by its row alone.
begin;
select m.renewal_no as touched, r.version as before from xuqi.transfer_match as m join xuqi.renewal as r using (renewal_no) where m.undone_at is null order by m.id limit 1 \gset
update xuqi.transfer_match set rule = rule where renewal_no = :'touched' and undone_at is null;
select yes('a match is told to waiting pages', (select version > :before from xuqi.renewal where renewal_no = :'touched'));
rollback;

-- What was matched before costs nothing: neither an order that is paid nor a line of somebody unknown reads all matches.
begin;
select import() as unknown_file \gset
select line(777, '6222990000000001', '陌生单位有限公司', import_id => :unknown_file) as unknown_line \gset
set local session_replication_role = replica;
insert into xuqi.transfer_match
select (jsonb_populate_record(m, jsonb_build_object('id', 1000000 + n, 'posting_id', 1000000 + n, 'line_id', 1000000 + n, 'order_no', 'other ' || n,
                                                    'payer_account_digits', '6222' || n))).*
  from xuqi.transfer_match as m, generate_series(1, 3000) as n where m.id = (select min(id) from xuqi.transfer_match where undone_at is null);
set local session_replication_role = origin;
select yes('what the desk is told of a payment', read_of(format('select count(*) from xuqi.review_findings(array(select r from xuqi.renewal as r where r.renewal_no = %L))', :'touched')) < 100);
select yes('who has paid from an account before', read_of(format('select * from xuqi.statement_match(%s, ''sums'', 0, 1000)', :unknown_file)) < 100);
rollback;
