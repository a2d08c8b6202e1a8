-- SPDX-License-Identifier: Apache-2.0
-- The books as finance reads them: what each account held and what moved it, down to what a posting rests on; the payouts
-- and the figures; and who may look.
set search_path = story;

select hire('fay', array['finance']) as fay, hire('ada', array['auditor']) as ada, hire('rex') as rex \gset
create function story.day(at timestamptz default now()) returns bigint language sql as $$ select xuqi.beijing(at)::date - date '1970-01-01' $$;
create function story.books(name text default 'fay', back bigint default 0, platform text default '', rail text default '') returns text language sql as $$
    select string_agg(case outcome when 'ok' then concat_ws(' ', kind, nullif(owner, ''), opening_fen, debit_fen, credit_fen, closing_fen) else outcome end, ', ' order by kind, owner)
      from xuqi.ledger_balances(token(name), day() - back, day() - back, platform, rail)
     where outcome <> 'ok' or debit_fen <> 0 or credit_fen <> 0 or coalesce(opening_fen, 0) <> 0 or coalesce(closing_fen, 0) <> 0
$$;
create function story.moved(kind text, owner text default '', name text default 'fay', before bigint default 0, size bigint default 50, platform text default '') returns text language sql as $$
    select string_agg(case outcome when 'ok' then concat_ws(' ', event_type, debit_fen, '/', credit_fen, other_kind) else outcome end, ', ')
      from xuqi.ledger_transfers(token(name), kind, owner, day(), day(), platform, before, size)
$$;
create function story.rests_on(event text, name text default 'fay') returns text language sql as $$
    select string_agg(case e.outcome when 'ok' then concat_ws(' ', e.kind, e.amount_fen) else e.outcome end, ', ' order by e.kind)
      from xuqi.posting as p, lateral xuqi.ledger_evidence(token(name), p.id) as e where p.event_type = event
$$;

select same('with nothing booked every account of the chart stands there with nothing', (select count(*) || ' ' || sum(debit_fen + credit_fen + abs(opening_fen) + abs(closing_fen))
    from xuqi.ledger_balances(token('fay'), day(), day(), '', '')), (select count(*) || ' 0' from xuqi.account_chart));
select renewal_in('completed', 'done') as done, renewal_in('awaiting_review', 'paid') as paid \gset
select order_no as order from xuqi.renewal where renewal_no = :'done' \gset
select platform as platform from xuqi.renewal where renewal_no = :'done' \gset

select same('debits are as much as credits, and openings and closings add up to nothing', (select concat_ws(' ', sum(debit_fen) - sum(credit_fen), sum(opening_fen), sum(closing_fen))
    from xuqi.ledger_balances(token('fay'), day(), day(), '', '')), '0 0 0');
select yes('each account closes at what it opened with and what moved', (select bool_and(closing_fen = opening_fen + debit_fen - credit_fen) from xuqi.ledger_balances(token('fay'), day(), day(), '', '')));
select same('what two payments and one certificate moved', books(), 'deferred_revenue 0 20000 40000 -20000, gateway_clearing alipay 0 40000 0 40000, output_tax 0 0 1132 -1132, payer_credit 0 40000 40000 0, receivable 0 40000 40000 0, revenue 0 0 18868 -18868');
select same('an auditor reads the same', books('ada'), books());
select same('a reviewer does not', books('rex') || ' ' || moved('revenue', name => 'rex') || ' ' || rests_on('issue', 'rex'), 'forbidden forbidden forbidden');
select same('nor who is not logged in', books('nobody') || ' ' || moved('revenue', name => 'nobody') || ' ' || rests_on('issue', 'nobody'), 'unauthenticated unauthenticated unauthenticated');
select same('yesterday there was nothing', books(back => 1), null);
select same('of a rail only its accounts', books(rail => 'alipay'), 'gateway_clearing alipay 0 40000 0 40000');
select same('of a rail that has none there is nothing', (select outcome from xuqi.ledger_balances(token('fay'), day(), day(), '', 'none')), 'empty');
select same('of a platform what moved, and no balance', books(platform => :'platform'), 'deferred_revenue 20000 40000, gateway_clearing alipay 40000 0, output_tax 0 1132, payer_credit 40000 40000, receivable 40000 40000, revenue 0 18868');
select same('another platform moved nothing', books(platform => 'none'), null);

select same('what moved an account of a rail', moved('gateway_clearing', 'alipay'), 'gateway 20000 / payer_credit, gateway 20000 / payer_credit');
select same('what moved one order''s account, the newest first', moved('receivable', :'order'), 'gateway / 20000 payer_credit, invoice 20000 / deferred_revenue');
select same('what moved all of a kind', (select count(*)::text from xuqi.ledger_transfers(token('fay'), 'receivable', '', day(), day(), '', 0, 50)), '4');
select same('by platform as well', moved('revenue', platform => :'platform') || ' ' || moved('revenue', platform => 'none'), 'issue / 18868 deferred_revenue empty');
select same('a kind that is not in the chart has none', moved('nothing'), 'empty');
select same('nor an account that is not there', moved('receivable', 'none'), 'empty');
select same('page by page nothing is left out and nothing comes twice', (
    with recursive pages as (
        select 1 as n, (select array_agg(transfer_id) from xuqi.ledger_transfers(token('fay'), 'payer_credit', '', day(), day(), '', 0, 1)) as ids
        union all
        select n + 1, ids || (select array_agg(transfer_id) from xuqi.ledger_transfers(token('fay'), 'payer_credit', '', day(), day(), '', ids[n], 1)) from pages where n < 4)
    select (select count(distinct id) from unnest(ids) as id) || ' ' || cardinality(ids) from pages where n = 4), '4 4');
select same('what an account''s transfers add up to is what its row says', (select sum(debit_fen) || ' ' || sum(credit_fen) from xuqi.ledger_transfers(token('fay'), 'payer_credit', '', day(), day(), '', 0, 50)), '40000 40000');

-- A posting.
select id as issued from xuqi.posting where event_type = 'issue' \gset
select same('a posting says what it was about and what it is undone with', (select concat_ws(' ', outcome, event_type, renewal_no = :'done', platform = :'platform', held_by, reversed_by is null) from xuqi.ledger_posting(token('fay'), :issued)), 'ok issue t t order t');
select same('its legs', (select string_agg(concat_ws(' ', debit, credit, amount_fen), ', ' order by leg) from xuqi.ledger_legs(token('ada'), :issued)), 'deferred_revenue revenue 18868, deferred_revenue output_tax 1132');
select same('a posting that is not there', (select outcome from xuqi.ledger_posting(token('fay'), 999999)) || ' ' || (select outcome from xuqi.ledger_evidence(token('fay'), 999999)), 'posting_unknown empty');
select same('nobody else sees it', (select outcome from xuqi.ledger_posting(token('rex'), :issued)) || ' ' || (select outcome from xuqi.ledger_legs(token('nobody'), :issued)), 'forbidden unauthenticated');
select same('a certificate''s revenue rests on the order and on what was signed', rests_on('issue'), 'issuance, order 20000');
select same('a payment rests on the gateway''s word', (select string_agg(e.kind || ' ' || e.reference, ', ') from xuqi.ledger_evidence(token('fay'), (select posting_id from xuqi.payment_notice where gateway_txn = 'txn done')) as e), 'payment_notice txn done');
select yes('with the hash of what came', (select bool_and(e.detail like '%sha256 ' || encode(n.digest, 'hex') || '%') from xuqi.payment_notice as n, lateral xuqi.ledger_evidence(token('fay'), n.posting_id) as e where e.kind = 'payment_notice'));
select xuqi.ledger_post('adjust', 'one', digest('one'), now(), 'story', array[xuqi.account_open('writeoff', '')], array[xuqi.account_open('gateway_clearing', 'alipay')], array[5]) as one \gset
select hire('fred', array['finance']) as fred, id as question from xuqi.reversal_ask(token('fay'), 'adjust', 'one', 'entered twice') \gset
select same('a posting that is asked about says so', (select reversal_state from xuqi.ledger_posting(token('fay'), :one)), 'asked');
select xuqi.reversal_decide(token('fred'), :question, true) as done_it \gset
select same('what was reversed knows by what, and that rests on it and on two people', (select concat_ws(' ', p.reversed_by is not null, p.reversal_state) from xuqi.ledger_posting(token('fay'), :one) as p) || ': ' || rests_on('reverse'), 't approved: posting, reversal');

-- From the last closed month on.
create function story.month(back int) returns date language sql as $$ select (date_trunc('month', xuqi.beijing(now())) - make_interval(months => back))::date $$;
select xuqi.ledger_post('fee', 'early', digest('early'), xuqi.period_end(month(3)) - interval '1 day', 'story', array[xuqi.account_open('gateway_fee', 'alipay')], array[xuqi.account_open('bank', 'icbc')], array[7]) as early,
       xuqi.ledger_post('fee', 'later', digest('later'), xuqi.period_end(month(2)) - interval '1 day', 'story', array[xuqi.account_open('gateway_fee', 'alipay')], array[xuqi.account_open('bank', 'icbc')], array[30]) as later \gset
select books() as before_closing \gset
select same('before a month is closed', (select string_agg(concat_ws(' ', kind, owner, opening_fen, debit_fen, credit_fen), ', ') from xuqi.ledger_balances(token('fay'), day(xuqi.period_end(month(3))), day(xuqi.period_end(month(2)) - interval '1 hour'), '', '') where debit_fen + credit_fen > 0), 'bank icbc -7 0 30, gateway_fee alipay 7 30 0');
select same('a month is closed', (select outcome from xuqi.ledger_close(month(3), 'story')), 'closed');
select same('afterwards the books say the same of the month behind it', (select string_agg(concat_ws(' ', kind, owner, opening_fen, debit_fen, credit_fen), ', ') from xuqi.ledger_balances(token('fay'), day(xuqi.period_end(month(3))), day(xuqi.period_end(month(2)) - interval '1 hour'), '', '') where debit_fen + credit_fen > 0), 'bank icbc -7 0 30, gateway_fee alipay 7 30 0');
select same('and of today', books(), :'before_closing');
select same('of the closed month itself as well', (select string_agg(concat_ws(' ', kind, owner, opening_fen, debit_fen, credit_fen, closing_fen), ', ') from xuqi.ledger_balances(token('fay'), day(month(3)::timestamptz), day(xuqi.period_end(month(3)) - interval '1 hour'), '', '') where debit_fen + credit_fen > 0), 'bank icbc 0 0 7 -7, gateway_fee alipay 0 7 0 7');
select books_right();

-- The figures.
create function story.figures(name text default 'fay', unit text default 'day', back bigint default 0) returns text language sql as $$
    select string_agg(case outcome when 'ok' then concat_ws(' ', part, nullif(platform, ''), rail, count, good, amount_fen) else outcome end, ', ') from xuqi.finance_overview(token(name), day() - back, day() - back, unit)
$$;
select same('income by platform and rail', figures(), 'income ' || :'platform' || ' alipay 2 0 40000');
select same('it is the sum of the orders behind it', (select sum(amount_fen)::text from xuqi.finance_overview(token('fay'), day(), day(), 'month') where part = 'income'), (select sum(amount_fen)::text from xuqi."order" where paid_at is not null));
select same('by month under the month''s name', (select bucket from xuqi.finance_overview(token('ada'), day(), day(), 'month')), to_char(xuqi.beijing(now()), 'YYYY-MM'));
select same('of a day without any there is nothing', figures(back => 9), 'empty');
select same('they are for finance', figures('rex') || ' ' || figures('nobody'), 'forbidden unauthenticated');

-- Payouts: the list's own story is with the payouts.
select same('without payouts', (select outcome from xuqi.finance_payouts(token('ada'), 'all', '', 50)), 'empty');
select same('and who may not look', (select outcome from xuqi.finance_payouts(token('rex'), 'all', '', 50)) || ' ' || (select outcome from xuqi.finance_payouts(token('nobody'), 'all', '', 50)), 'forbidden unauthenticated');

-- Views.
create function story.view(name text, title text, address text default '/review?tab=second', most bigint default 50) returns text language sql as $$ select outcome from xuqi.staff_view_add(token(name), title, address, most) $$;
create function story.views(name text) returns text language sql as $$ select string_agg(concat_ws(' ', outcome, v.name, address), ', ') from xuqi.staff_view_list(token(name)) as v $$;
select same('a view is kept once, and sent again it is the same', view('rex', '复核') || ' ' || view('rex', '复核'), 'kept kept');
select same('it is one', (select count(*)::text from xuqi.staff_view), '1');
select same('a name stands for one address', view('rex', '复核', '/review'), 'view_name_taken');
select same('another person has his own', concat_ws(', ', view('fay', '复核', '/finance/refunds'), views('fay'), views('rex')), 'kept, ok 复核 /finance/refunds, ok 复核 /review?tab=second');
select same('there is an end to them', view('rex', '二', most => 1), 'view_limit');
select v.id as mine from xuqi.staff_view_list(token('rex')) as v \gset
select same('it gets another name, again as well', concat_ws(' ', xuqi.staff_view_rename(token('rex'), :mine, '新'), xuqi.staff_view_rename(token('rex'), :mine, '新'), views('rex')), 'kept kept ok 新 /review?tab=second');
select same('not one that is taken', view('rex', '二') || ' ' || xuqi.staff_view_rename(token('rex'), :mine, '二'), 'kept view_name_taken');
select same('another''s view is not there for me', concat_ws(' ', xuqi.staff_view_rename(token('fay'), :mine, '偷'), xuqi.staff_view_remove(token('fay'), :mine), (select count(*) from xuqi.staff_view where id = :mine)), 'view_unknown removed 1');
select same('it is removed once and for all', concat_ws(' ', xuqi.staff_view_remove(token('rex'), :mine), xuqi.staff_view_remove(token('rex'), :mine), views('rex')), 'removed removed ok 二 /review?tab=second');
select same('who is not logged in keeps nothing', concat_ws(' ', view('nobody', 'x'), views('nobody'), xuqi.staff_view_rename(token('nobody'), 1, 'x'), xuqi.staff_view_remove(token('nobody'), 1)), 'unauthenticated unauthenticated unauthenticated unauthenticated');
select refused('a view that leads elsewhere', 'insert into xuqi.staff_view (staff_id, name, address) select id, ''x'', ''//evil'' from xuqi.staff limit 1');
\set answers `race 10 "select story.view('ada', 'same')"`
select same('of ten at once there is one', :'answers' || ' ' || (select count(*) from xuqi.staff_view where name = 'same'), 'kept=10 1');

-- Ticks.
select renewal_in('awaiting_review', 'ticked', 2) as no \gset
create function story.tick(name text, no text, ticks text[]) returns text language sql as $$
    select outcome from xuqi.review_approve(token(name), no, xuqi.renewal_content_hash(no), in_ticks => ticks)
$$;
select claim('ann', :'no') as claimed \gset
select same('a document that is not there, or another one by now, is not good', tick('ann', :'no', array['materials/agent_id/1/' || repeat('0', 64)]), 'case_changed');
select refused('a tick of something else', format('select story.tick(''ann'', %L, array[''anything''])', :'no'));
select same('what is refused leaves no approval', (select count(*)::text from xuqi.approval where renewal_no = :'no'), '0');
select same('what the first reviewer found good is kept with the approval', tick('ann', :'no', array['fields/agent.name', 'fields/agent.name', 'fields/profile']), 'first_approval');
select same('and seen by the second', (select string_agg(word || ' ' || name, ', ' order by word) from xuqi.review_desk(token('bob'), :'no') where kind = 'tick'), 'fields/agent.name ANN, fields/profile ANN');
select same('sent again it is the same', tick('ann', :'no', array['fields/other']) || ' ' || (select count(*) from xuqi.review_tick), 'first_approval 2');
select refused('a tick that is taken back', 'delete from xuqi.review_tick');
select claim('bob', :'no') as claimed \gset
select give_back('bob', :'no') as back \gset
select same('after a return they count no more', (select count(*)::text from xuqi.review_desk(token('bob'), :'no') where kind = 'tick'), '0');

-- A page of an account's transfers costs what lies within it, whether the account moves always or seldom.
set session_replication_role = replica;
with made as (
    insert into xuqi.posting (event_type, event_key, fingerprint, event_at, actor)
    select 'statement', 'many:' || n, digest('many ' || n), now() - make_interval(secs => n), 'story' from generate_series(1, 10000) as n
    returning id)
insert into xuqi.transfer (posting_id, leg, debit_id, credit_id, amount)
select made.id, 1, c.id, r.id, 1 from made, xuqi.account as c, xuqi.account as r where (c.kind, r.kind, r.owner_key) = ('gateway_clearing', 'revenue', '');
set session_replication_role = origin;
analyze;
select same('often', (read_of($$select xuqi.ledger_legs_of('revenue', '', '-infinity', 'infinity', '', 0, 20)$$) < 3000)::text, 'true');
select same('seldom', (read_of($$select xuqi.ledger_legs_of('output_tax', '', '-infinity', 'infinity', '', 0, 20)$$) < 50)::text, 'true');
