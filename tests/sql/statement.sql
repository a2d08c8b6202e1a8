-- SPDX-License-Identifier: Apache-2.0
-- Bank statements: what is new, known, changed, missing; reversals; the books; replays, overlaps, races.
set search_path = story;

select same('the accounts of the platforms', concat_ws(' ', outcome, added),
            'added 2') from xuqi.collecting_account_publish('{中信银行,中国工商银行,中信银行}', '{7443900182600096874,4000020309200123456,7443900182600096874}', '{广东CA,深圳CA,另一名}');
select same('once', concat_ws(' ', outcome, added), 'known 0') from xuqi.collecting_account_publish('{中信银行}', '{7443900182600096874}', '{新名}');
select same('with an account in the ledger', (select count(*)::text from xuqi.account where kind = 'bank'), '2');

-- Lines as text: "key day movement [balance] [account] [name] [remark] [ref] [kind] [reverses]", parts by |.
create function story.upload(lines text[], account text default '7443900182600096874',
                             by text default 'ann') returns bigint
language plpgsql as $$
declare
    id    bigint := (select upload_id from xuqi.statement_begin_admin(by, account, 'file.csv'));
    none  constant bigint := -9223372036854775808;
begin
    perform xuqi.statement_append(id, 1, array_agg(n), array_agg(split_part(l, '|', 1)),
        array_agg((split_part(l, '|', 2)::date - date '1970-01-01')::bigint), array_agg(none),
        array_agg(split_part(l, '|', 3)::bigint), array_agg(coalesce(nullif(split_part(l, '|', 4), '')::bigint, none)),
        array_agg(split_part(l, '|', 5)), array_agg(split_part(l, '|', 6)), array_agg(''::text),
        array_agg(split_part(l, '|', 7)), array_agg(split_part(l, '|', 8)),
        array_agg(coalesce(nullif(split_part(l, '|', 9), ''), 'ordinary')), array_agg(split_part(l, '|', 10)))
      from unnest(lines) with ordinality as u (l, n);
    return id;
end
$$;
create function story.finish(id bigint, apply boolean default true, covered text default null, opening bigint default null,
                             closing bigint default null, by text default 'ann', format text default 'citic') returns text
language sql as $$
    select concat_ws(' ', outcome, lines_new, lines_known, lines_changed, lines_missing, lines_unexpected)
      from xuqi.statement_finish_admin(by, id, apply, format, split_part(covered, ' ', 1), split_part(covered, ' ', 2), opening,
                                       closing, closing is not null, digest('file'))
$$;
create function story.import(lines text[], covered text default null, format text default 'citic',
                             account text default '7443900182600096874') returns text
language sql as $$ select finish(upload(lines, account), covered => covered, format => format) $$;
create function story.lines() returns text language sql as $$
    select string_agg(line_key || '=' || case direction when 'credit' then '' else '-' end || amount_fen, ' ' order by line_key)
      from xuqi.statement_line
$$;
create function story.raised() returns text language sql as $$
    select string_agg(reason || coalesce(' ' || (select line_key from xuqi.statement_line as l where l.id = line_id), ''), ', ' order by id)
      from xuqi.statement_change where state = 'open'
$$;
create function story.balance(kind text) returns text language sql as $$
    select coalesce(sum(case when t.debit_id = a.id then t.amount else -t.amount end), 0)::text
      from xuqi.account as a join xuqi.transfer as t on a.id in (t.debit_id, t.credit_id) where a.kind::text = balance.kind
$$;

select same('an account that nobody knows', (select outcome from xuqi.statement_begin_admin('ann', '1234567890', 'f')), 'collecting_account_unknown');
select same('a dry run counts', finish(upload('{a|2026-11-01|20000|20000|6222|（广州）Ａ公司 |续期,b|2026-11-01|-300|19700}'), false), 'checked 2 0 0 0 0');
select same('and keeps nothing', (select count(*)::text from xuqi.statement_line), '0');
select same('but the upload', finish(id), 'imported 2 0 0 0 0') from xuqi.statement_upload;
select same('which is over then', (select count(*)::text from xuqi.statement_upload) || (select count(*)::text from xuqi.statement_chunk), '00');
select same('its lines', lines(), 'a=20000 b=-300');
select same('names as they are compared', (select payer_name_normal from xuqi.statement_line where line_key = 'a'), '(广州)A公司');
select same('a credit is booked, a debit is not', balance('bank') || ' ' || balance('unmatched_receipts'), '20000 -20000');
select same('a message tells of it', (select string_agg(event, ' ') from xuqi.outbox where topic = 'statement_imported'), (select id::text from xuqi.statement_import));
select same('and an event', (select count(*)::text from xuqi.audit_event where action = 'statement.import'), '1');
select books_right();
select same('the same again adds nothing', import('{a|2026-11-01|20000|20000|6222|（广州）Ａ公司 |续期,b|2026-11-01|-300|19700}'), 'known 0 2 0 0 0');
select same('and writes no import', (select count(*)::text from xuqi.statement_import), '1');
select same('in another order neither', import('{b|2026-11-01|-300|19700,a|2026-11-01|20000|20000|6222|（广州）Ａ公司 |续期}'), 'known 0 2 0 0 0');
select same('an overlap adds what is new', import('{b|2026-11-01|-300|19700,c|2026-11-02|500|20200}'), 'imported 1 1 0 0 0');
select same('once', lines(), 'a=20000 b=-300 c=500');
select same('another account has lines of its own', import('{a|2026-11-01|700}', account => '4000020309200123456'), 'imported 1 0 0 0 0');

select same('a changed line is raised', import('{c|2026-11-02|600|20300}'), 'imported 0 0 1 0 0');
select same('for a person', raised(), 'changed c');
select same('with what the file said', (select content ->> 'amount_fen' from xuqi.statement_change), '600');
select same('and stays as it was', (select amount_fen::text from xuqi.statement_line where line_key = 'c'), '500');
select same('once', import('{c|2026-11-02|600|20300}') || ' ' || (select count(*) from xuqi.statement_change), 'imported 0 0 1 0 0 1');
select same('a changed name as well', import('{c|2026-11-02|500|20200||别人}'), 'imported 0 0 1 0 0');
select same('between formats names may differ', import('{c|2026-11-02|500|20200||别人}', format => 'camt'), 'known 0 1 0 0 0');
select same('amounts may not', import('{c|2026-11-02|501|20201}', format => 'camt'), 'imported 0 0 1 0 0');
select same('a line under another number is the same line', import('{d|2026-11-02|500|20200}'), 'imported 0 0 1 0 0');
select same('so it is there once', (select count(*)::text from xuqi.statement_line where booked_on = '2026-11-02'), '1');

select same('four days', import('{e|2026-11-03|100,f|2026-11-04|200,g|2026-11-05|300,h|2026-11-06|400}', '2026-11-04 2026-11-05'), 'imported 4 0 0 0 0');
select same('a file that lacks a line of a covered day', import('{e|2026-11-03|100,f|2026-11-04|200,h|2026-11-06|400}', '2026-11-04 2026-11-05'), 'imported 0 3 0 1 0');
select same('and has another instead', import('{e|2026-11-03|100,f|2026-11-04|200,x|2026-11-05|301,h|2026-11-06|400}', '2026-11-04 2026-11-05'), 'imported 0 3 0 1 1');
select same('which is held back', (select count(*)::text from xuqi.statement_line where line_key = 'x'), '0');
select same('days cut in two may lack some', import('{f|2026-11-04|200,h|2026-11-06|400}'), 'known 0 2 0 0 0');
select same('lines that are alike are as many as the file has', import('{k|2026-11-07|100,k|2026-11-07|100,k|2026-11-07|100}'), 'imported 3 0 0 0 0');
select same('each once', import('{k|2026-11-07|100,k|2026-11-07|100,k|2026-11-07|100}'), 'known 0 3 0 0 0');
select same('one more is new', import('{k|2026-11-07|100,k|2026-11-07|100,k|2026-11-07|100,k|2026-11-07|100}'), 'imported 1 3 0 0 0');
select same('whatever their order', import('{m|2026-11-07|100,m|2026-11-07|200}') || ' ' || import('{m|2026-11-07|200,m|2026-11-07|100}'), 'imported 2 0 0 0 0 known 0 2 0 0 0');
select books_right();

select same('opening and movements lead to closing', finish(upload('{n|2026-11-08|100,o|2026-11-08|-30}'), opening => 5, closing => 75), 'imported 2 0 0 0 0');
select same('or nothing is imported', finish(upload('{p|2026-11-08|100}'), opening => 5, closing => 106), 'statement_balance 1');
select same('an upload without lines', finish((select upload_id from xuqi.statement_begin_admin('ann', '7443900182600096874', 'f'))), 'statement_empty 0');
select same('an upload is finished once', finish(0), 'statement_upload_unknown');
select same('and by whom it was begun', finish(upload('{p|2026-11-08|100}', by => 'bob')), 'statement_upload_unknown');
select same('the file before, and where it ended', concat_ws(' ', outcome, previous_last_on, previous_closing_fen), 'checked 2026-11-08 75')
  from xuqi.statement_finish_admin('ann', upload('{q|2026-11-10|100|175}'), false, 'citic', null, null, 75, 175, true, null);

-- 冲正, 退汇
select same('money that comes', import('{r|2026-11-11|900||62220001|甲|||ordinary,s|2026-11-11|-800||62220002|乙|||ordinary}'), 'imported 2 0 0 0 0');
select balance('bank') as before \gset
select same('and is taken back', import('{r2|2026-11-12|-900||62220001|甲|||reversal}'), 'imported 1 0 0 0 0');
select same('leaves the books', balance('bank'), (:'before'::bigint - 900)::text);
select same('both lines know it', (select l.line_key || r.line_key from xuqi.statement_line as r join xuqi.statement_line as l on l.id = r.reverses_line and l.reversed_by = r.id where r.line_key = 'r2'), 'rr2');
select refused('nothing is taken of it any more', $$ update xuqi.statement_line set taken_fen = 1 where line_key = 'r' $$);
select same('a payment of ours that comes back', import('{s2|2026-11-13|800||62220002|乙|||returned}'), 'imported 1 0 0 0 0');
select same('knows which', (select l.line_key from xuqi.statement_line as r join xuqi.statement_line as l on l.id = r.reverses_line where r.line_key = 's2'), 's');
select same('and is in the bank', balance('bank'), (:'before'::bigint - 900 + 800)::text);
create function story.unknown() returns text language sql as $$
    select string_agg(line_key, ' ' order by c.id) from xuqi.statement_change as c join xuqi.statement_line as l on l.id = line_id where reason = 'reversal_unknown'
$$;
select same('a reversal of nothing known', import('{t|2026-11-13|-123456|||||t|reversal}'), 'imported 1 0 0 0 0');
select same('is for a person', unknown(), 't');
select same('one of two alike', import('{u1|2026-11-14|55,u2|2026-11-14|55,u3|2026-11-14|-55|||||u|reversal}'), 'imported 3 0 0 0 0');
select same('as well', unknown(), 't u3');
select same('unless the bank says which', import('{w1|2026-11-15|57|||||no1,w2|2026-11-15|57|||||no2,w3|2026-11-15|-57|||||w|reversal|no2}'), 'imported 3 0 0 0 0');
select same('that one', (select l.line_key from xuqi.statement_line as r join xuqi.statement_line as l on l.id = r.reverses_line where r.line_key = 'w3'), 'w2');
update xuqi.statement_line set taken_fen = 20 where line_key = 'w1';
select same('what was used and is taken back', import('{w4|2026-11-16|-57|||||w|reversal|no1}'), 'imported 1 0 0 0 0');
select same('is raised', (select reason from xuqi.statement_change order by id desc limit 1), 'reversed_taken');
update xuqi.statement_line set taken_fen = 0 where line_key = 'w1'; -- nothing stands for it
select books_right();

-- What may not be
select refused('a line may not change', $$ update xuqi.statement_line set amount_fen = amount_fen + 1 where line_key = 'a' $$);
select refused('nor its name', $$ update xuqi.statement_line set payer_name = 'x' where line_key = 'a' $$);
select refused('nor go', $$ delete from xuqi.statement_line $$);
select refused('nor be used beyond its amount', $$ update xuqi.statement_line set taken_fen = 20001 where line_key = 'a' $$);
select refused('nor come twice', $$ insert into xuqi.statement_line (collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, fingerprint)
                                    select collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, fingerprint from xuqi.statement_line where line_key = 'a' $$, '23505');
select refused('an import stays', $$ update xuqi.statement_import set lines_new = 0 $$);
select refused('what was raised stays', $$ delete from xuqi.statement_change $$);
select refused('and what it says', $$ update xuqi.statement_change set content = '{}' where reason = 'changed' $$);
select refused('an amount beyond the ledger''s', $$ select story.import('{z|2026-11-20|100000000001}') $$);

-- Names and numbers as they are compared
select same('brackets and widths', xuqi.party_name_normal('【深圳】ＡＢ（ｃ）有限 公司') , '(深圳)AB(C)有限公司');
select same('kinds of company stay apart', (xuqi.party_name_normal('甲有限公司') = xuqi.party_name_normal('甲有限责任公司'))::text, 'false');
select same('digits', xuqi.account_digits('7443 9001-8260'), '744390018260');
select same('not of a masked number', xuqi.account_digits('6222****1234'), '');

-- The finance desk
select same('a reviewer may not', hire('rev') || (select outcome from xuqi.statement_begin(story.token('rev'), '7443900182600096874', 'f')), 'openedforbidden');
select same('nobody may not', (select outcome from xuqi.statement_begin(digest('none'), '7443900182600096874', 'f')), 'unauthenticated');
select same('finance may', hire('fin', '{finance}') || (select outcome from xuqi.statement_begin(story.token('fin'), '7443900182600096874', 'f')), 'openedbegun');
select same('statements are finance''s to see', (select string_agg(distinct outcome, ' ') from xuqi.statement_list(token('rev'), null, 9)) || ' ' || (select string_agg(distinct outcome, ' ') from xuqi.statement_lines(token('rev'), 1, 0, 9)), 'forbidden forbidden');
select same('and nobody''s', (select string_agg(distinct outcome, ' ') from xuqi.statement_list(token('nobody'), null, 9)) || ' ' || (select string_agg(distinct outcome, ' ') from xuqi.statement_lines(token('nobody'), 1, 0, 9)), 'unauthenticated unauthenticated');
select same('the newest first', (select outcome || ' ' || (l.id = (select max(i.id) from xuqi.statement_import as i)) from xuqi.statement_list(token('fin'), null, 1) as l), 'ok true');
select same('before the first one there is none', (select outcome from xuqi.statement_list(token('fin'), (select min(id) from xuqi.statement_import), 9)), 'empty');
select same('the lines of the first, in order, from one on', (select string_agg(outcome || ' ' || direction || ' ' || amount_fen, ', ') from xuqi.statement_lines(token('fin'), (select min(id) from xuqi.statement_import), 0, 9)), 'ok credit 20000, ok debit 300');
select same('after its last there are none', (select outcome from xuqi.statement_lines(token('fin'), (select min(id) from xuqi.statement_import), 1000000, 9)), 'empty');
