-- SPDX-License-Identifier: Apache-2.0
-- A posting is reversed once; when the staff does it, one asks and another decides.
set search_path = story;

select hire('fay', array['finance']) as fay, hire('fred', array['finance']) as fred, hire('rex') as rex \gset
select xuqi.account_open('writeoff', '') as writeoff, xuqi.account_open('gateway_clearing', 'alipay') as clearing, xuqi.account_open('payer_credit', 'payer') as credit \gset
create function story.post(key text, debits bigint[], credits bigint[], amounts bigint[]) returns bigint language sql security definer as $$
    select xuqi.ledger_post('adjust', key, story.digest(key), now(), 'story', debits, credits, amounts)
$$;
create function story.ask(name text, key text, event_type text default 'adjust', reason text default 'entered twice', out outcome text, out id bigint) language sql as $$
    select * from xuqi.reversal_ask(token(name), event_type, key, reason)
$$;
create function story.decide(name text, question bigint, approve boolean default true) returns text language sql as $$
    select xuqi.reversal_decide(token(name), question, approve)
$$;
create function story.moved(account_id bigint) returns bigint language sql as $$
    select coalesce(sum(case when debit_id = account_id then amount else -amount end), 0)::bigint from xuqi.transfer where account_id in (debit_id, credit_id)
$$;
select post('one', array[:writeoff, :writeoff], array[:clearing, :clearing], array[300, 40]) as one, post('two', array[:writeoff], array[:clearing], array[5]) as two \gset

select same('who is not logged in asks nothing', (select outcome from ask('nobody', 'one')), 'unauthenticated');
select same('nor does a reviewer', (select outcome from ask('rex', 'one')), 'forbidden');
select same('a posting that does not exist', (select outcome from ask('fay', 'none')), 'posting_unknown');
select outcome as outcome, id as id from ask('fay', 'one') \gset
select same('finance asks', :'outcome', 'asked');
select same('asking again, also by another, answers the same question', (select outcome || ' ' || id from ask('fred', 'one')), 'asked ' || :'id');
select same('asking moves no money', moved(:clearing)::text, '-345');
select same('who asked does not approve', decide('fay', :id), 'reversal_same');
select same('nor does a reviewer decide', decide('rex', :id), 'forbidden');
select same('nor nobody', decide('nobody', :id), 'unauthenticated');
select same('a question that does not exist', decide('fred', 999999), 'reversal_unknown');
select refused('an approval by who asked', format('update xuqi.reversal set state = ''approved'', decided_by = asked_by, decided_at = now(), reversing_id = posting_id where id = %s', :id));
-- The list: who decides sees each leg as it was posted.
select hire('ada', array['auditor']) as ada \gset
create function story.list(name text, state text default 'asked', before bigint default 9223372036854775807, size bigint default 50) returns text language sql as $$
    select string_agg(case outcome when 'ok' then concat_ws(' ', outcome, event_type, event_key, state, asked_by is not null, decided_by is not null, debit, credit, credit_owner, amount_fen) else outcome end, ', ')
      from xuqi.reversal_list(token(name), state, before, size)
$$;
select same('the open question, leg by leg', list('fred'), 'ok adjust one asked t f writeoff gateway_clearing alipay 300, ok adjust one asked t f writeoff gateway_clearing alipay 40');
select same('also for an auditor', list('ada'), list('fred'));
select same('who reviews does not see it', list('rex'), 'forbidden');
select same('nor nobody', list('nobody'), 'unauthenticated');
select same('before it there is none', list('fred', 'asked', :id), 'empty');
select same('approved there is none', list('fred', 'approved'), 'empty');
select same('another approves', decide('fred', :id), 'approved');
select same('again it is approved', decide('fred', :id), 'approved');
select same('and is not refused any more', decide('fred', :id, false), 'reversal_decided');
select same('each leg is turned round', (select string_agg(format('%s %s %s', debit_id = :clearing, credit_id = :writeoff, amount), ', ' order by leg)
    from xuqi.transfer t join xuqi.posting p on p.id = t.posting_id where p.reverses = :one), 't t 300, t t 40');
select same('the posting is known by what it reverses, and by whom', (select event_type || ' ' || event_key || ' ' || actor from xuqi.posting where reverses = :one), 'reverse adjust:one staff:fred');
select same('what was reversed is not asked for again', (select outcome from ask('fay', 'one')), 'posting_reversed');
select same('nor is the reversal itself', (select outcome from ask('fay', 'adjust:one', 'reverse')), 'posting_held');
select same('what is approved leaves the open ones', list('fred') || ' ' || list('fred', 'approved', size => 1), 'empty ok adjust one approved t t writeoff gateway_clearing alipay 300, ok adjust one approved t t writeoff gateway_clearing alipay 40');
select books_right();

select id as second from ask('fay', 'two') \gset
select same('another refuses', decide('fred', :second, false), 'refused');
select same('again it is refused', decide('fred', :second, false), 'refused');
select same('it is not approved any more', decide('fred', :second), 'reversal_decided');
select id as third from ask('fay', 'two') \gset
select yes('it may be asked for again', :third <> :second);
select same('who asked may put it away', decide('fay', :third, false), 'refused');
select id as fourth from ask('fay', 'two') \gset
\set answers `race 12 "select story.decide((array['fred','fay'])[1 + %i % 2], ":fourth")"`
select same('of twelve decisions at once one reverses', :'answers', 'approved=6 reversal_same=6') where :'answers' not like '%decided%';
select same('once', (select count(*)::text from xuqi.posting where reverses = :two), '1');
select post('three', array[:writeoff], array[:clearing], array[6]) as three \gset
\set answers `race 10 "select outcome from story.ask((array['fred','fay'])[1 + %i % 2], 'three')"`
select same('of ten questions at once there is one', :'answers' || ' ' || (select count(*) from xuqi.reversal where posting_id = :three), 'asked=10 1');

-- Money that has gone on, and records that stand on their postings.
select post('credit', array[:writeoff], array[:credit], array[50]) as given, post('spent', array[:credit], array[:writeoff], array[50]) as spent \gset
select id as fifth from ask('fay', 'credit') \gset
select same('what has been spent is not taken back', decide('fred', :fifth), 'overdrawn');
select same('and stays asked', (select state from xuqi.reversal where id = :fifth), 'asked');
select renewal_in('completed', 'done') as done, renewal_in('rejected', 'refused') as refused \gset
select same('what an order stands on is undone with the order: ' || p.event_type, (select outcome from ask('fay', p.event_key, p.event_type)), 'posting_held')
  from xuqi.posting p where p.event_type in ('invoice', 'gateway', 'issue', 'cancel') and p.reverses is null and p.id = (select min(id) from xuqi.posting q where q.event_type = p.event_type);
select attempt(renewal_in('awaiting_payment', 'sur')) as attempt \gset
select settle(:'attempt', 's1') || ' ' || settle(:'attempt', 's2') as settled \gset
select same('so is what any other record refers to', xuqi.posting_held(posting_id), 'order') from xuqi.surplus;
begin;
create temporary table known_by_key on commit drop as
select kind, holder, xuqi.ledger_post(kind, 'held', digest(kind), now(), 'story', array[:writeoff], array[:clearing], array[1::bigint]) as id
  from (values ('statement', 'statement_line'), ('statement_reversal', 'statement_line'), ('payout', 'payout'), ('payout_paid', 'payout'), ('payout_returned', 'payout'),
               ('bill_fee', 'match_difference'), ('statement_long', 'match_difference'), ('external_refund', 'match_difference'), ('difference', 'match_difference'),
               ('match', 'transfer_match'), ('match_undo', 'transfer_match')) as v (kind, holder);
select same('and what a record knows by its key: ' || kind, xuqi.posting_held(id), holder) from known_by_key;
rollback;
select same('a column that names a posting and is no foreign key is a leg''s, or one whose kinds are known by name', (
    select string_agg(format('%s.%s', c.relname, a.attname), ', ' order by c.relname)
      from pg_class as c join pg_attribute as a on a.attrelid = c.oid
     where c.relnamespace = 'xuqi'::regnamespace and c.relkind = 'r' and a.attname ~ 'posting_id$' and not a.attisdropped
       and not exists (select from pg_constraint as k where k.contype = 'f' and k.conrelid = c.oid and k.confrelid = 'xuqi.posting'::regclass and a.attnum = any (k.conkey))),
    'transfer.posting_id, transfer_match.posting_id');
create table xuqi.story_record (posting_id bigint references xuqi.posting);
alter table xuqi.story_record owner to xuqi_owner;
select id as sixth from ask('fay', 'three') \gset
insert into xuqi.story_record values (:three);
select same('a record of any table holds its posting', xuqi.posting_held(:three) || ' ' || decide((select case s.name when 'fay' then 'fred' else 'fay' end from xuqi.reversal r join xuqi.staff s on s.id = r.asked_by where r.id = :sixth), :sixth), 'story_record posting_held');
drop table xuqi.story_record;
select refused('a decision that is changed', format('update xuqi.reversal set reason = ''other'' where id = %s', :id));
select refused('a question that is changed', format('update xuqi.reversal set reason = ''other'' where id = %s', :sixth));
select refused('a question that is removed', 'delete from xuqi.reversal');
select refused('questions that are emptied', 'truncate xuqi.reversal');
select same('everything is written down', (select string_agg(distinct action, ' ' order by action) from xuqi.audit_event where action like 'reversal.%'), 'reversal.approve reversal.ask reversal.refuse');
select same('the system reverses once, without people', (select (xuqi.ledger_reverse(:three, 'system') = xuqi.ledger_reverse(:three, 'system'))::text), 'true');
select same('and what was reversed meanwhile two people reverse no more', decide((select case s.name when 'fay' then 'fred' else 'fay' end from xuqi.reversal r join xuqi.staff s on s.id = r.asked_by where r.id = :sixth), :sixth), 'posting_reversed');
select same('what does not exist is not reversed', left(refused('x', 'select xuqi.ledger_reverse(999999, ''system'')', 'P0002'), 4), 'ok x');
select coalesce(string_agg(invariant, '; '), '') as faults from xuqi.ledger_check() \gset
select same('the books are right after all of it', :'faults', '');
