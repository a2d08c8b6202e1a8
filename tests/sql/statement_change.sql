-- SPDX-License-Identifier: Apache-2.0
-- What was raised about statement lines is settled by finance, with a reason: accepted or dismissed, once, by two people where
-- the platform says so.
set search_path = story;
select hire('fay', array['finance']), hire('fin', array['finance']), hire('rev') \gset
select xuqi.collecting_account_publish('{中信银行}', '{7443900182600096874}', '{某CA}') \gset

-- Lines as text: "key day movement balance name", parts by |.
create function story.import(lines text[], covered text default null) returns text language plpgsql as $$
declare
    none constant bigint := -9223372036854775808;
    id   bigint := (select upload_id from xuqi.statement_begin_admin('ann', '7443900182600096874', 'file.csv'));
begin
    perform xuqi.statement_append(id, 1, array_agg(n), array_agg(split_part(l, '|', 1)), array_agg((split_part(l, '|', 2)::date - date '1970-01-01')::bigint),
        array_agg(none), array_agg(split_part(l, '|', 3)::bigint), array_agg(coalesce(nullif(split_part(l, '|', 4), '')::bigint, none)), array_agg(''::text),
        array_agg(split_part(l, '|', 5)), array_agg(''::text), array_agg(''::text), array_agg(split_part(l, '|', 1)), array_agg('ordinary'::text), array_agg(''::text))
      from unnest(lines) with ordinality as u (l, n);
    return (select concat_ws(' ', outcome, lines_new, lines_known, lines_changed, lines_missing, lines_unexpected)
              from xuqi.statement_finish_admin('ann', id, true, 'citic', split_part(covered, ' ', 1), split_part(covered, ' ', 2), null, null, false, null));
end
$$;
create function story.settle_change(key text, kind text, change bigint, who text default 'fay', two text[] default '{}') returns text language sql as $$
    select outcome from xuqi.finance_change_ask(story.token(who), 'key-' || key, kind, change, '银行已更正', two)
$$;
create function story.decide(key text, who text, approve boolean default true) returns text language sql as $$
    select outcome from xuqi.finance_decide(story.token(who), (select id from xuqi.finance_request where request_key = 'key-' || key), approve)
$$;
create function story.last() returns bigint language sql as $$ select max(id) from xuqi.statement_change $$;
create function story.change(change bigint) returns text language sql as $$
    select concat_ws(' ', reason, state, settled_by, nullif(note, ''), (select line_key || '=' || amount_fen from xuqi.statement_line as l where l.id = accepted_line_id)) from xuqi.statement_change where id = change
$$;
create function story.lines() returns text language sql as $$
    select string_agg(line_key || '=' || amount_fen || case when reversed_by is null then '' else ' replaced' end, ', ' order by id) from xuqi.statement_line
$$;
create function story.balance() returns text language sql as $$
    select coalesce(sum(case when t.debit_id = a.id then t.amount else -t.amount end), 0)::text
      from xuqi.account as a join xuqi.transfer as t on a.id in (t.debit_id, t.credit_id) where a.kind = 'bank'
$$;

select import('{a|2026-11-01|1000|1000|甲,b|2026-11-02|2000|3000|乙,c|2026-11-03|3000|6000|丙}') \gset

-- Words.
select import('{a|2026-11-01|1000|1000|甲方}'), last() as change \gset
select same('a reviewer may not', settle_change('no-rev', 'accept', :change, 'rev'), 'forbidden');
select same('nor nobody', settle_change('no-one', 'accept', :change, 'nobody'), 'unauthenticated');
select same('what was never raised', settle_change('no-such', 'accept', 999999), 'change_unknown');
select same('what finance sees', (select concat_ws(' ', outcome, reason, state, payer_name, said_payer_name) from xuqi.finance_changes(token('fay'), 'open', 1000000, 9)), 'ok changed open 甲 甲方');
select same('lists are for finance alone', (select outcome from xuqi.finance_changes(token('rev'), 'open', 1000000, 9)), 'forbidden');
select same('words are accepted', settle_change('words', 'accept', :change) || ': ' || change(:change), 'done: changed accepted staff:fay 银行已更正');
select same('the line stays as it was', (select payer_name from xuqi.statement_line where line_key = 'a') || ' ' || lines(), '甲 a=1000, b=2000, c=3000');
select same('sent again it is done once', settle_change('words', 'accept', :change), 'done');
select same('the key is for nothing else', settle_change('words', 'dismiss', :change), 'request_conflict');
select same('nor for somebody else', settle_change('words', 'accept', :change, 'fin'), 'request_conflict');
select same('another one finds it settled', settle_change('words-2', 'dismiss', :change), 'change_settled');
select same('what was accepted is known from then on', import('{a|2026-11-01|1000|1000|甲方}'), 'known 0 1 0 0 0');
select same('asking and doing are on the trail', (select string_agg(action, ' ' order by id) from xuqi.audit_event where object = 'request:1' or action = 'statement.change_accept'),
            'finance.accept.asked statement.change_accept finance.accept.done');
select same('nothing is open', (select outcome from xuqi.finance_changes(token('fay'), 'open', 1000000, 9)), 'empty');

-- Money.
select import('{b|2026-11-02|2500|3500|乙}'), last() as change \gset
select balance() as before \gset
update xuqi.statement_line set taken_fen = 1 where line_key = 'b';
select same('is not replaced while something of it is used', settle_change('taken', 'accept', :change), 'line_taken');
update xuqi.statement_line set taken_fen = 0 where line_key = 'b';
\set answers `race 6 "select story.settle_change('race-%i', 'accept', :change)"`
select same('of six at once one accepts', :'answers', 'change_settled=5 done=1');
select same('the bank''s line replaces it', lines(), 'a=1000, b=2000 replaced, c=3000, b!' || :change || '=2500');
select same('in the books as well', (balance()::bigint - :before::bigint)::text, '500');
select same('the new one is matched like others', (select count(*)::text from xuqi.outbox where topic = 'statement_imported' and event = (select max(id)::text from xuqi.statement_import)), '1');
select same('the same file is known', import('{b|2026-11-02|2500|3500|乙}'), 'known 0 1 0 0 0');
select same('and lacks nothing', import('{a|2026-11-01|1000|1000|甲方,b|2026-11-02|2500|3500|乙,c|2026-11-03|3000|6000|丙}', '2026-11-02 2026-11-02'), 'known 0 3 0 0 0');
select refused('nothing is taken of what was replaced', $$ update xuqi.statement_line set taken_fen = 1 where line_key = 'b' $$);
select refused('what replaces what is said once', $$ update xuqi.statement_line set replaces_line = null where replaces_line is not null $$);
select books_right('the books are right after a line was replaced');
select import('{b|2026-11-02|2600|3600|乙}'), last() as change \gset
select same('one more change of what was replaced', settle_change('over', 'accept', :change), 'change_overtaken');
select same('is dismissed', settle_change('over-2', 'dismiss', :change) || ': ' || change(:change), 'done: changed dismissed staff:fay 银行已更正');

-- Held back, and missing.
select import('{c|2026-11-03|3000|6000|丙,d|2026-11-04|4000|10000|丁,e|2026-11-05|5000|15000|戊}', '2026-11-04 2026-11-04') \gset
select import('{c|2026-11-03|3000|6000|丙,x|2026-11-04|4001|10001|庚,e|2026-11-05|5000|15000|戊}', '2026-11-04 2026-11-04') \gset
select id as missing from xuqi.statement_change where reason = 'missing' \gset
select id as unexpected from xuqi.statement_change where reason = 'unexpected' \gset
select same('what is missing is not accepted', settle_change('missing', 'accept', :missing), 'change_not_acceptable');
select same('where two people are wanted', settle_change('two-first', 'accept', :unexpected, 'fay', '{7443900182600096874}'), 'asked');
select same('it waits', change(:unexpected) || ' ' || (select request_id is not null from xuqi.finance_changes(token('fay'), 'open', 1000000, 9) where change_id = :unexpected), 'unexpected open true');
select same('who asked does not decide', decide('two-first', 'fay'), 'decider_same');
select same('refused by the second it stays open', decide('two-first', 'fin', false) || ' ' || change(:unexpected), 'refused unexpected open');
select same('asked again', settle_change('two-again', 'accept', :unexpected, 'fay', '{7443900182600096874}'), 'asked');
select same('and done', decide('two-again', 'fin') || ': ' || change(:unexpected), 'done: unexpected accepted staff:fin 银行已更正 x=4001');
select same('decided again', decide('two-again', 'fin'), 'done');
select same('the line is there and booked', (select taken_fen || ' ' || amount_fen from xuqi.statement_line where line_key = 'x'), '0 4001');
select same('and known from then on', import('{x|2026-11-04|4001|10001|庚}'), 'known 0 1 0 0 0');
select same('the missing one is dismissed', settle_change('missing-2', 'dismiss', :missing) || ': ' || change(:missing), 'done: missing dismissed staff:fay 银行已更正');
select same('what finance asked for', (select string_agg(kind || ' ' || state, ', ' order by request_id) from xuqi.finance_requests(token('fay'), 'all', 1000000, 3)), 'accept refused, accept done, dismiss done');
select refused('a request about a line says which', 'insert into xuqi.finance_request (request_key, kind, fen, reason, state, asked_by, two_people) select ''key-force-1'', ''accept'', 1, ''x'', ''asked'', id, false from xuqi.staff limit 1');
select books_right();
