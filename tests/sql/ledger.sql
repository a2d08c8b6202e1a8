-- SPDX-License-Identifier: Apache-2.0
-- The ledger refuses by itself, also to its owner, what may not be written down.
set search_path = story;
grant usage on schema story to xuqi_owner;
grant execute on all functions in schema story to xuqi_owner;

select xuqi.account_open('bank', 'icbc') as bank, xuqi.account_open('deferred_revenue', '') as deferred,
       xuqi.account_open('revenue', '') as revenue, xuqi.account_open('receivable', 'order 1') as owed,
       xuqi.account_open('payer_credit', 'payer 1') as credit \gset
-- The order is invoiced at 20000; 25000 come, 5000 too much.
create function story.post(event_type text, event_key text, legs bigint[], reverses bigint default null)
returns bigint language sql security definer as $$
    select xuqi.ledger_post(event_type, event_key, story.digest(legs::text), now(), 'story',
        array(select legs[i][1] from generate_series(1, array_length(legs, 1)) as i),
        array(select legs[i][2] from generate_series(1, array_length(legs, 1)) as i),
        array(select legs[i][3] from generate_series(1, array_length(legs, 1)) as i), reverses)
$$;
select post('invoice', 'story 1', array[array[:owed, :deferred, 20000]]) as invoiced \gset
select post('line', 'icbc 1', array[array[:bank, :credit, 25000]]) as received \gset
select same('an account is opened once', xuqi.account_open('bank', 'icbc')::text, :'bank');
select same('a repeated event is no second posting',
            post('line', 'icbc 1', array[array[:bank, :credit, 25000]])::text, null);
select refused('the same event with another amount',
               format('select story.post(%L, %L, array[array[%s::bigint, %s, 25001]])', 'line', 'icbc 1', :bank, :credit), '23505');
select refused('applying more than is owed',
               format('select story.post(%L, %L, array[array[%s::bigint, %s, 20001]])', 'apply', 'a', :credit, :owed));
select post('apply', 'story 1', array[array[:credit, :owed, 20000]]) as applied \gset
select refused('spending more than is held',
               format('select story.post(%L, %L, array[array[%s::bigint, %s, 5001]])', 'refund', 'r', :credit, :bank));
select refused('a negative amount',
               format('select story.post(%L, %L, array[array[%s::bigint, %s, -1]])', 'x', 'n', :credit, :bank));
select refused('an amount of nothing',
               format('select story.post(%L, %L, array[array[%s::bigint, %s, 0]])', 'x', 'z', :credit, :bank));
select refused('more than a billion yuan',
               format('select story.post(%L, %L, array[array[%s::bigint, %s, 100000000001]])', 'x', 'm', :bank, :revenue));
select refused('a transfer to itself',
               format('select story.post(%L, %L, array[array[%s::bigint, %s, 1]])', 'x', 's', :credit, :credit));
select refused('an account that does not exist',
               format('select story.post(%L, %L, array[array[%s::bigint, 999999, 1]])', 'x', 'g', :bank), '23503');
select refused('seventeen legs', format('select story.post(%L, %L, array(select array[%s::bigint, %s, 1]
                                          from generate_series(1, 17)))', 'x', 'l', :bank, :revenue));
select refused('a posting without legs',
               $$ insert into xuqi.posting (event_type, event_key, fingerprint, event_at, actor)
                  values ('e', 'e', story.digest('e'), now(), 'story') $$);
select refused('a leg added later',
               format('insert into xuqi.transfer (posting_id, leg, debit_id, credit_id, amount)
                       values (%s, 2, %s, %s, 1)', :received, :bank, :revenue));
select refused('a leg without a posting',
               format('insert into xuqi.transfer (posting_id, leg, debit_id, credit_id, amount)
                       values (999999, 1, %s, %s, 1)', :bank, :revenue));
select refused('reversing twice',
               format('select story.post(%L, %L, array[array[%3$s::bigint, %4$s, 1]], %5$s),
                              story.post(%1$L, %6$L, array[array[%3$s::bigint, %4$s, 1]], %5$s)',
                      'reverse', 'one', :deferred, :revenue, :applied, 'two'), '23505');
select same('a posting may be reversed once', (post('reverse', 'once', array[array[:owed, :credit, 20000]], :applied)
                                               is not null)::text, 'true');
select post('apply', 'story 1 again', array[array[:credit, :owed, 20000]]) as again \gset

select refused(verb || ' ' || name, format(statement, name))
  from unnest(array['posting', 'transfer', 'account', 'audit_event', 'renewal_transition', 'order_line',
                    'renewal_content', 'payment_notice', 'abandoned_serial']) as name,
       (values ('editing', 'update xuqi.%I set ctid = null'), ('deleting from', 'delete from xuqi.%I'),
               ('truncating', 'truncate xuqi.%I cascade')) as verbs (verb, statement)
 where verb <> 'editing';
select refused('editing ' || name, format('update xuqi.%I set %I = %2$I', name, col))
  from (values ('posting', 'actor'), ('transfer', 'amount'), ('account', 'guarded'), ('audit_event', 'actor'),
               ('renewal_transition', 'occasion'), ('order_line', 'name'),
               ('payment_notice', 'verdict'), ('abandoned_serial', 'reason')) as columns (name, col);
select refused('deleting from ' || name, format('delete from xuqi.%I', name))
  from unnest(array['balance', 'renewal', 'order', 'payment_attempt', 'approval', 'issuance', 'staff']) as name;
select refused('truncating ' || name, format('truncate xuqi.%I cascade', name))
  from unnest(array['balance', 'renewal', 'order', 'payment_attempt', 'approval', 'issuance', 'staff']) as name;
set role xuqi_owner;
select refused('an edit by the owner', 'update xuqi.transfer set amount = 1');
select refused('a deletion by the owner', 'delete from xuqi.posting');
reset role;
select refused('a balance moved into the red', format('update xuqi.balance set debits = credits + 1 where account_id = %s', :credit));
select same('5000 are left to the payer', (select (credits - debits)::text from xuqi.balance where account_id = :credit), '5000');

\set answers `race 40 "select case when story.post('spend', '%i', array[array[:credit::bigint, :bank, 1000]]) is not null then 'spent' end"`
select same('of 40 spendings of 1000 from 5000 at once five succeed', :'answers', 'ERROR=35 spent=5');
\set answers `race 20 "select coalesce(sign(story.post('line', 'race', array[array[:bank::bigint, :credit, 777]]))::text, 'replay')"`
select same('of 20 equal postings at once one is new', :'answers', '1=1 replay=19');
\set answers `race 20 "select 'done' from (select story.post('swap', 'a%i', array[array[:bank::bigint, :credit, 10], array[:credit, :owed, 1]]), story.post('swap', 'b%i', array[array[:owed::bigint, :credit, 1]])) as p"`
select yes('postings over the same accounts in any order do not deadlock', :'answers' in ('done=20', 'ERROR=20'));
select same('nothing has drifted', (select string_agg(invariant, '; ') from xuqi.ledger_check()
                                     where invariant like 'balance%' or invariant like 'a % posting%'
                                        or invariant like 'a posting%'), null);
update xuqi.balance set credits = credits + 1 where account_id = :credit;
select yes('the check finds a balance that was moved by hand',
           exists (select from xuqi.ledger_check() where invariant = 'balance is the sum of its transfers'));
