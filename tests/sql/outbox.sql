-- SPDX-License-Identifier: Apache-2.0
-- The outbox: each row with one worker at a time, a slow worker changes nothing, failures come again later.
set search_path = story;

select renewal_in('awaiting_payment', 'lee') as no \gset
select refused('the same effect twice', format('select xuqi.enqueue(%L, %L, %L)', 'message', 'submitted', :'no'), '23505');
select same('another topic has nothing', (select count(*) from xuqi.outbox_lease('invoice', 10, 30))::text, '0');
select id as id, lease_token as token, event as event from xuqi.outbox_lease('message', 10, 0) \gset
select same('a row is leased', :'event', 'submitted');
select pg_sleep(0.01) as waited \gset
select lease_token as later, attempts as attempts from xuqi.outbox_lease('message', 10, 30) \gset
select same('a silent worker''s row goes to another', :'attempts', '2');
select same('nobody else gets it meanwhile', (select count(*) from xuqi.outbox_lease('message', 10, 30))::text, '0');
select same('the first worker finishes nothing', (select outcome from xuqi.outbox_finish(:id, :token, 'x')), 'stale');
select same('and fails nothing', (select outcome from xuqi.outbox_fail(:id, :token, 'x', true)), 'stale');
select same('the second fails', (select outcome from xuqi.outbox_fail(:id, :later, 'provider timed out', true)), 'retry');
select same('again', (select outcome from xuqi.outbox_fail(:id, :later, 'provider timed out', true)), 'stale');
select yes('it comes again after 20 s give or take a fifth',
           (select run_at - now() between interval '15.9 s' and interval '24.1 s' from xuqi.outbox where id = :id));
select same('not before', (select count(*) from xuqi.outbox_lease('message', 10, 30))::text, '0');
update xuqi.outbox set run_at = now();
select lease_token as token from xuqi.outbox_lease('message', 10, 30) \gset
select same('finishing', (select outcome from xuqi.outbox_finish(:id, :token, 'provider 17')), 'finished');
select same('again', (select outcome from xuqi.outbox_finish(:id, :token, 'provider 17')), 'stale');
select same('the live table is empty, the result kept', (select count(*) from xuqi.outbox) || ' ' ||
            (select result || ' ' || attempts from xuqi.outbox_done), '0 provider 17 3');

select renewal_in('awaiting_payment', 'one'), renewal_in('awaiting_payment', 'two') \gset ignored_
select array_agg(id order by id) as ids, array_agg(lease_token order by id) as tokens from xuqi.outbox_lease('message', 2, 30) \gset
select same('several finish together, each in its place, what is gone or twice there as stale',
            (select string_agg(outcome, ' ') from xuqi.outbox_finish_each(
                 array[(:'ids'::bigint[])[2], 0, (:'ids'::bigint[])[1], (:'ids'::bigint[])[1]],
                 array[(:'tokens'::bigint[])[2], 1, (:'tokens'::bigint[])[1] - 1, (:'tokens'::bigint[])[1]],
                 array['b', 'x', 'old', 'a'])), 'finished stale stale finished');
select same('each keeps its own result', (select string_agg(result, ' ' order by id) from xuqi.outbox_done
                                           where id = any (:'ids'::bigint[])), 'a b');
select same('again they are gone', (select string_agg(outcome, ' ') from xuqi.outbox_finish_each(:'ids', :'tokens', '{a,b}')),
            'stale stale');

select renewal_in('awaiting_payment', 'dead') as dead \gset
select id as id, lease_token as token from xuqi.outbox_lease('message', 10, 30) \gset
select same('what can never succeed is dead', (select outcome from xuqi.outbox_fail(:id, :token, 'no such number', false)), 'dead');
select same('and stays for a person', (select state || ' ' || last_error from xuqi.outbox where id = :id), 'dead no such number');
select same('not for a worker', (select count(*) from xuqi.outbox_lease('message', 10, 30))::text, '0');
select renewal_in('awaiting_payment', 'tries') as tries \gset
update xuqi.outbox set attempts = max_attempts - 1 where renewal_no = :'tries';
select id as id, lease_token as token from xuqi.outbox_lease('message', 10, 30) \gset
select same('the last attempt that fails is dead', (select outcome from xuqi.outbox_fail(:id, :token, 'x', true)), 'dead');
select renewal_in('awaiting_payment', 'vanished') as vanished \gset
update xuqi.outbox set attempts = max_attempts - 1 where renewal_no = :'vanished';
select id as id from xuqi.outbox_lease('message', 10, 0) \gset
select pg_sleep(0.01) as waited \gset
select same('a row whose worker vanished at the last attempt is not leased for ever', (select count(*) from xuqi.outbox_lease('message', 10, 0))::text, '0');
select closed from xuqi.housekeeping(0) \gset
select same('housekeeping calls it dead', (select state from xuqi.outbox where id = :id), 'dead');

select count(renewal_in('awaiting_payment', 'many ' || n)) as made from generate_series(1, 40) as n \gset
\set answers `race 8 "select count(*) from xuqi.outbox_lease('message', 5, 30)"`
select same('eight workers at once take forty rows', (select count(*) from xuqi.outbox where state = 'leased' and lease_token = 1)::text, '40');
select same('each once', (select max(attempts) from xuqi.outbox where state = 'leased')::text, '1');
select same('what a message needs', (select agent_name_masked || ' ' || organisation || ' ' || amount_fen || ' ' || convert_from(personal_sealed, 'UTF8')
                                       from xuqi.message_facts(array[:'no'])), '张* organisation of lee 20000 sealed personal');
select same('of several at once, each in its place', (select string_agg(known || coalesce(' ' || organisation, ''), ', ')
              from xuqi.message_facts(array['01000000000000000', :'no', :'dead', :'no'])),
            'false, true organisation of lee, true organisation of dead, true organisation of lee');
select same('of none is no row', (select count(*) from xuqi.message_facts('{}'))::text, '0');
