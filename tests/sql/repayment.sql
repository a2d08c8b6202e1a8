-- SPDX-License-Identifier: Apache-2.0
-- Money that goes back where it came from, by the link or by a person at the bank's site; what statement lines say of payouts;
-- what came back; a proof that falls with its match.
set search_path = story;
\ir support/statement.sql
select hire('fay', array['finance']), hire('fin', array['finance']), hire('rev'), hire('ann') \gset

create function story.ask(key text, kind text, line bigint default 0, match bigint default 0, fen bigint default 0) returns text language sql as $$
    select outcome from xuqi.finance_ask(story.token('fay'), 'key-' || key, kind, line, '', match, fen, '多付', '{}')
$$;
create function story.decide(key text) returns text language sql as $$
    select outcome from xuqi.finance_decide(story.token('fin'), (select id from xuqi.finance_request where request_key = 'key-' || key), true)
$$;
create function story.back(key text, line bigint, fen bigint) returns text language sql as $$
    select ask(key, 'return', line, 0, fen);
    select decide(key);
    select p.client_id from xuqi.payout as p join xuqi.payout_request as q on q.id = p.request_id join xuqi.finance_request as f on f.id = q.request_id where f.request_key = 'key-' || key
$$;
create function story.of(client text) returns text language sql as $$
    select concat_ws(' ', p.state, q.state, l.taken_fen) from xuqi.payout as p join xuqi.payout_request as q on q.id = p.request_id join xuqi.statement_line as l on l.id = q.line_id where p.client_id = client
$$;
create function story.job(client text, out id bigint, out token bigint) returns record language plpgsql as $$
begin
    update xuqi.outbox set run_at = clock_timestamp() - interval '1 hour', state = 'ready', lease_until = null where event = client and state <> 'dead';
    select l.id, l.lease_token into id, token from xuqi.outbox_lease('payout', 1000, 60) as l where l.event = client;
    update xuqi.outbox set state = 'ready', lease_until = null where topic = 'payout' and state = 'leased' and event <> client;
end
$$;
create function story.send(client text, account text default '6222000000000001', per_hour bigint default 1000, budget bigint default 100000, ours text default '7443900182600096874') returns text language sql as $$
    select outcome from job(client) as task, lateral xuqi.payout_send(task.id, task.token, client, 'citic', ours, null, digest(account), '****0001', '', null, null, '', 1, per_hour, budget)
$$;
create function story.word(client text, word text, failure text default '') returns text language sql as $$
    select outcome from job(client) as task, lateral xuqi.payout_word(task.id, task.token, client, word, failure, word, 1, 30, 0, 2, 10, 2)
$$;
-- A line of the statement: money that left, or came back.
create function story.gone(fen bigint, account text, remark text default '', days integer default 0) returns bigint language plpgsql as $$
declare
    made bigint;
begin
    insert into xuqi.statement_line (collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, payer_account, payer_account_digits, payer_name, remark, fingerprint)
    select id, import(), gen_random_uuid()::text, xuqi.beijing(now())::date + days, 'debit', fen, account, xuqi.account_digits(account), '某公司', gone.remark, digest('left') from xuqi.collecting_account
    returning id into made;
    return made;
end
$$;
create function story.says(line bigint, account text, failure text default 'account_invalid') returns text language sql as $$
    select outcome from xuqi.payout_line(line, digest(account), failure, 10, 2)
$$;
create function story.earned(client text) returns text language sql as $$
    select string_agg(a.kind || ' ' || moved.amount, ', ' order by a.kind::text)
      from (select account_id, sum(amount) as amount
              from (select t.debit_id as account_id, t.amount from xuqi.transfer t join xuqi.posting p on p.id = t.posting_id where p.event_key in (client, 'payout:' || client)
                    union all
                    select t.credit_id, -t.amount from xuqi.transfer t join xuqi.posting p on p.id = t.posting_id where p.event_key in (client, 'payout:' || client)) as side
             group by account_id having sum(amount) <> 0) as moved join xuqi.account a on a.id = moved.account_id
$$;

-- By the link.
select line(20500, '6222000000000001', '甲方有限公司') as line \gset
select back('first', :line, 500) as client \gset
select same('approved, its number is fixed', of(:'client'), 'queued approved 500');
select yes('of at most twenty characters', :'client' ~ '^XQ[0-9]{18}$');
select same('what jobs is told', (select concat_ws(' ', state, purpose, amount_fen, from_account, payee_account, payee_name, renewal_no is not null) from xuqi.payout_begin(:'client', 100)),
            'queued repayment 500 7443900182600096874 6222000000000001 甲方有限公司 t');
select same('another account of ours does not pay it', send(:'client', ours => '4000020309200123456') || ' ' || of(:'client'), 'stale queued approved 500');
select same('the day''s budget', send(:'client', budget => 499) || ' ' || of(:'client'), 'later queued approved 500');
select same('is not that of the 0.01 yuan', (select string_agg(purpose || ' ' || used_fen, ', ') from xuqi.payout_budget), 'repayment 0');
delete from xuqi.bank_quota;
select same('nor beyond the hour''s payments', send(:'client', per_hour => 0), 'later');
\set answers `race 6 "select story.send(':client')"`
select yes('sent once', :'answers' like '%send=1%');
select same('with the bank', of(:'client') || ' ' || earned(:'client'), 'sent sent 500 payout_clearing -500, refund_payable 500');
select books_right('the books are right while nobody knows');
select same('no answer keeps it', word(:'client', 'pending') || ' ' || of(:'client'), 'later sent sent 500');
select yes('it is listed', (select renewal_no from xuqi.payout_list() where client_id = :'client') like 'payout_request:%');
select same('paid', word(:'client', 'paid') || ' ' || of(:'client') || ' ' || earned(:'client'), 'paid paid paid 500 bank -500, refund_payable 500');
select gone(500, '6222000000000001', :'client' || '退款') as its_line \gset
select same('its line is found by the number', says(:its_line, 'x'), 'known');
select same('once', says(:its_line, 'x') || ' ' || (select count(*) from xuqi.payout where line_id = :its_line), 'replayed 1');
select books_right('the books are right when it is paid');

-- The statement knows before the bank says so.
select back('second', :line, 700) as client \gset
select same('no answer', send(:'client') || ' ' || word(:'client', 'pending'), 'send later');
select gone(700, '6222000000000001') as its_line, gone(700, '6222000000000009') as other_line, gone(701, '6222000000000001') as other_sum, gone(700, '6222000000000001', days => 9) as too_late \gset
select same('another account, sum, or day is not it', says(:other_line, '6222000000000009') || ' ' || says(:other_sum, '6222000000000001') || ' ' || says(:too_late, '6222000000000001'), 'none none none');
select same('the account, the sum and the day are', says(:its_line, '6222000000000001') || ' ' || of(:'client'), 'paid paid paid 1200');
select same('its question is over', (select count(*)::text from xuqi.outbox where event = :'client'), '0');
select gone(700, '6222000000000001') as one_more \gset
select same('one more line is not', says(:one_more, '6222000000000001'), 'none');
select books_right();

-- Refused: the money is where it was.
select back('third', :line, 800) as client \gset
select same('refused for good', send(:'client') || ' ' || word(:'client', 'failed', 'closed_or_frozen') || ' ' || of(:'client'), 'send failed failed failed 1200');
select books_right('the books are right when it has failed');
select yes('finance may ask again', back('fourth', :line, 800) is not null);

-- 退汇
select client_id as client from xuqi.payout where state = 'queued' \gset
select same('paid', send(:'client') || ' ' || word(:'client', 'paid') || ' ' || of(:'client'), 'send paid paid paid 2000');
select line(800, '6222000000000001', '甲方有限公司', kind => 'returned') as returned \gset
select same('it comes back', says(:returned, '6222000000000001') || ' ' || of(:'client'), 'returned returned failed 1200');
select same('once', says(:returned, '6222000000000001') || ' ' || of(:'client'), 'replayed returned failed 1200');
select same('the line is used up by it', (select taken_fen || ' ' || kind from xuqi.statement_line where id = :returned), '800 returned');
select same('the payment''s own line comes as well', says(gone(800, '6222000000000001'), '6222000000000001'), 'known');
select books_right('the books are right when it came back');
select line(4242, '6222000000000077', '谁有限公司', kind => 'returned') as stray \gset
select same('what nobody has paid out', says(:stray, '6222000000000077') || ' ' || (select taken_fen from xuqi.statement_line where id = :stray), 'unclear 0');
select same('is raised', (select reason || ' ' || state from xuqi.statement_change where line_id = :stray), 'reversal_unknown open');
select same('what an import brings of ours', (select string_agg(line_id::text, ' ') from xuqi.payout_lines((select import_id from xuqi.statement_line where id = :stray), 0, 10)), :'stray');

-- A payer's credit.
select renewal_no as no, order_no from submit('credit', 'credit', organisation => '乙方有限公司') \gset
select line(25000, '6222000000000002', '乙方有限公司', remark => :'order_no') as paid_line \gset
select xuqi.statement_match((select import_id from xuqi.statement_line where id = :paid_line), 'numbers', 0, 100) \gset
select max(id) as match from xuqi.transfer_match \gset
create function story.credit(no text) returns text language sql as $$ select max(credit_fen)::text from xuqi.transfer_list(no) $$;
select same('the rest is his credit', credit(:'no'), '5000');
select same('half of it goes back', ask('half', 'repay', 0, :match, 2500) || ' ' || decide('half') || ' ' || credit(:'no'), 'asked done 2500');
select client_id as client from xuqi.payout where state = 'queued' \gset
select send(:'client', '6222000000000002') as sent \gset
select same('what fails is his again', word(:'client', 'failed', 'account_invalid') || ' ' || credit(:'no'), 'failed 5000');
select same('all of it, then', ask('whole', 'repay', 0, :match, 5000) || ' ' || decide('whole') || ' ' || credit(:'no'), 'asked done 0');
select books_right();

-- At the bank's own site.
create function story.export(key text, who text default 'fay') returns text language sql as $$
    select string_agg(concat_ws(' ', outcome, client_id is not null, payee_account, payee_name, amount_fen, remark = client_id || '退款'), '; ') from xuqi.payout_export(story.token(who), 'export-' || key)
$$;
select same('what a link may pay is not exported', export('one'), 'empty f');
select client_id as client from xuqi.payout where state = 'queued' \gset
select finished.outcome as outcome from job(:'client') as task, lateral xuqi.outbox_finish(task.id, task.token, 'for a person') as finished \gset
select same('a reviewer may not', export('two', 'rev'), 'forbidden f');
\set answers `race 6 "select story.export('race-%i')"`
select yes('what is left to a person goes into one export', :'answers' like '%empty f=5%');
select same('it is with the bank', of(:'client') || ' ' || (select bank from xuqi.payout where client_id = :'client'), 'sent sent 25000 site');
select same('the same key is the same export', export('race-' || (select right(export_key, 1) from xuqi.payout where client_id = :'client')), 'ok t 6222000000000002 乙方有限公司 5000 t');
select same('no link sends it any more', send(:'client'), 'stale');
select gone(5000, '6222000000000002', '退款 ' || lower(:'client')) as its_line \gset
select same('the statement says that it was paid', says(:its_line, '6222000000000002') || ' ' || of(:'client'), 'paid paid paid 25000');
select books_right();

-- A refund of what came by bank transfer.
create function story.refund_of(name text, account text, out no text, out order_no text, out refund text) returns record language plpgsql as $$
declare
    came bigint;
begin
    select s.renewal_no, s.order_no into no, order_no from submit(name, name, organisation => name || '有限公司') as s;
    came := line(20000, account, name || '有限公司', remark => order_no);
    perform xuqi.statement_match(import_id, 'numbers', 0, 100) from xuqi.statement_line where id = came;
    perform xuqi.renewal_cancel(no);
    refund := order_no || 'R001';
    perform xuqi.refund_approve(token('fin'), refund);
end
$$;
create function story.takes_up(refund text) returns text language sql as $$ select outcome from xuqi.refund_begin(refund, 0) $$;
create function story.by_hand(refund text, reference text default 'B1') returns text language sql as $$ select outcome from xuqi.refund_pay_out(token('fay'), refund, '7443900182600096874', reference) $$;
create function story.again(refund text) returns text language sql as $$ select concat_ws(' ', outcome, state) from xuqi.refund_retry(token('fay'), refund) $$;
create function story.pays(refund text) returns text language sql as $$
    select p.client_id from xuqi.payout as p join xuqi.payout_request as q on q.id = p.request_id where q.refund_no = pays.refund order by q.id desc limit 1
$$;
create function story.refunded(no text) returns text language sql as $$
    select concat_ws(' ', f.state, b.credits - b.debits,
                     (select string_agg(q.state || '/' || p.state, ' ' order by q.id) from xuqi.payout_request as q join xuqi.payout as p on p.request_id = q.id where q.refund_no = no))
      from xuqi.refund as f join xuqi.account as a on a.kind = 'refund_payable' and a.owner_key = f.refund_no join xuqi.balance as b on b.account_id = a.id where f.refund_no = no
$$;
create function story.told_refunded(no text) returns text language sql as $$ select count(*)::text from xuqi.outbox where topic = 'message' and event = 'refunded' and renewal_no = no $$;
select no as no, order_no as order_no, refund as refund from refund_of('refunded', '6222000000000501') \gset
\set answers `race 8 "select story.takes_up(':refund')"`
select same('eight that take it up queue one payment', :'answers' || ' ' || refunded(:'refund'), 'payout=8 awaiting_payout 20000 approved/queued');
select pays(:'refund') as client \gset
select same('to the account that it came from, from ours that it came to', (select concat_ws(' ', purpose, amount_fen, from_account, payee_account, payee_name, renewal_no = :'refund') from xuqi.payout_begin(:'client', 100)),
            'repayment 20000 7443900182600096874 6222000000000501 refunded有限公司 t');
select same('while the link may take it nobody pays it by hand', by_hand(:'refund'), 'refund_paying');
select same('nor is there another', again(:'refund') || ' ' || refunded(:'refund'), 'asked awaiting_payout awaiting_payout 20000 approved/queued');
\set answers `race 6 "select story.send(':client', '6222000000000501')"`
select yes('sent once', :'answers' like '%send=1%');
select same('it is with the bank', refunded(:'refund') || ' ' || earned(:'client'), 'awaiting_payout 0 sent/sent payout_clearing -20000, refund_payable 20000');
select books_right('the books are right while nobody knows about a refund');
select same('accepted is not paid', word(:'client', 'pending') || ' ' || refunded(:'refund'), 'later awaiting_payout 0 sent/sent');
select same('unknown is paid neither by hand nor again', by_hand(:'refund') || ' ' || again(:'refund'), 'refund_paying asked awaiting_payout');
select same('one number', (select count(*)::text from xuqi.payout_request where refund_no = :'refund'), '1');
select gone(20000, '6222000000000501', :'client' || '退款') as its_line \gset
\set answers `race 6 "select story.says(:its_line, '6222000000000501')"`
select same('the statement says that it was paid', :'answers' || ' ' || refunded(:'refund'), 'paid=1 replayed=5 done 0 paid/paid');
select same('under the payment''s number', (select gateway_refund_no = :'client' and done_id = (select id from xuqi.posting where event_type = 'payout_paid' and event_key = :'client') from xuqi.refund where refund_no = :'refund')::text, 'true');
select same('the payer is told', told_refunded(:'no'), '1');
select same('what is done is paid by nobody', by_hand(:'refund') || ' ' || by_hand(:'refund', :'client') || ' ' || again(:'refund'), 'refund_differs done refund_state');
select books_right('the books are right when a refund is paid');

-- 退汇
select line(20000, '6222000000000501', 'refunded有限公司', kind => 'returned') as returned \gset
select same('it comes back and is due again', says(:returned, '6222000000000501', 'closed_or_frozen') || ' ' || refunded(:'refund'), 'returned awaiting_payout 20000 failed/returned');
select same('once', says(:returned, '6222000000000501') || ' ' || refunded(:'refund'), 'replayed awaiting_payout 20000 failed/returned');
select same('the desk sees why', (select last_word like 'payout XQ% returned closed_or_frozen' from xuqi.refund where refund_no = :'refund')::text, 'true');
select same('who has not been told of it is not', told_refunded(:'no'), '0');
select books_right('the books are right when a refund came back');
\set answers `race 6 "select story.again(':refund')"`
select same('six that try it again make one more', :'answers' || ' ' || refunded(:'refund'), 'asked awaiting_payout=6 awaiting_payout 20000 failed/returned approved/queued');
select yes('under another number', pays(:'refund') <> :'client');
select pays(:'refund') as client \gset
select same('that one fails', send(:'client', '6222000000000501') || ' ' || word(:'client', 'failed', 'account_invalid') || ' ' || refunded(:'refund'), 'send failed awaiting_payout 20000 failed/returned failed/failed');
select books_right('the books are right when a refund''s payment failed');
\set answers `race 6 "select story.by_hand(':refund')"`
select same('by hand, then, once', :'answers' || ' ' || refunded(:'refund'), 'done=6 done 0 failed/returned failed/failed');
select same('and not again', again(:'refund') || ' ' || by_hand(:'refund', 'B2'), 'refund_state refund_differs');
select books_right('the books are right when a refund is paid by hand');

-- What comes back before anybody knew that it was paid.
select no as no, refund as refund from refund_of('silent refund', '6222000000000502') \gset
select takes_up(:'refund') as taken, pays(:'refund') as client \gset
select same('nobody knew', send(:'client', '6222000000000502') || ' ' || says(line(20000, '6222000000000502', 'silent refund有限公司', kind => 'returned'), '6222000000000502') || ' ' || refunded(:'refund') || ' ' || told_refunded(:'no'),
            'send returned awaiting_payout 20000 failed/returned 0');
select books_right();

-- What no link pays: an export, or by hand.
select no as no, refund as refund from refund_of('left', '6222000000000503') \gset
select takes_up(:'refund') as taken, pays(:'refund') as client \gset
select finished.outcome as outcome from job(:'client') as task, lateral xuqi.outbox_finish(task.id, task.token, 'for a person') as finished \gset
\set answers `race 8 "select case %i % 2 when 0 then story.by_hand(':refund') else left(story.export('or-' || %i), 5) end"`
select yes('an export and a hand at once: one of them, got ' || :'answers' || ' ' || refunded(:'refund'),
           refunded(:'refund') in ('done 0 failed/failed', 'awaiting_payout 0 sent/sent'));
select books_right('the books are right, whoever it was');
select no as no, refund as refund from refund_of('exported', '6222000000000504') \gset
select takes_up(:'refund') as taken, pays(:'refund') as client \gset
select finished.outcome as outcome from job(:'client') as task, lateral xuqi.outbox_finish(task.id, task.token, 'for a person') as finished \gset
select yes('it is exported', (select string_agg(client_id, ' ') like '%' || :'client' || '%' from xuqi.payout_export(token('fay'), 'export-refund')));
select same('an exported one is with the bank', by_hand(:'refund') || ' ' || refunded(:'refund'), 'refund_paying awaiting_payout 0 sent/sent');
select same('and a person says what became of it', (select outcome from xuqi.payout_decide(:'client', 'paid', '', 'receipt 7', 'op', 10, 2)) || ' ' || refunded(:'refund'), 'decided done 0 paid/paid');

-- Where it goes back to must be sure.
select no as no, refund as refund from refund_of('masked', '6222****0505') \gset
select same('a masked account is no address', takes_up(:'refund') || ' ' || refunded(:'refund') || ' ' || again(:'refund'), 'payout awaiting_payout 20000 payer_account_unknown awaiting_payout');
select same('a person pays it', by_hand(:'refund') || ' ' || refunded(:'refund'), 'done done 0');
create function story.two_accounts(first text, second text) returns text language plpgsql as $$
declare
    made record;
    a    bigint;
    b    bigint;
begin
    select s.renewal_no, s.order_no into made from submit(first, first, organisation => first || '有限公司') as s;
    a := line(12000, first, first || '有限公司', remark => made.order_no);
    b := line(8000, second, first || '有限公司', remark => made.order_no);
    perform xuqi.statement_match(l.import_id, 'numbers', 0, 100) from xuqi.statement_line as l where l.id in (a, b) order by l.id;
    perform xuqi.renewal_cancel(made.renewal_no), xuqi.refund_approve(token('fin'), made.order_no || 'R001'), xuqi.refund_begin(made.order_no || 'R001', 0);
    return coalesce(pays(made.order_no || 'R001'), 'none');
end
$$;
select same('two accounts are none', two_accounts('6222000000000506', '6222000000000507'), 'none');
select yes('twice the same is one', two_accounts('6222000000000508', '6222000000000508') like 'XQ%');
select same('the larger line says where', (select l.amount_fen::text from xuqi.payout_request as q join xuqi.statement_line as l on l.id = q.line_id where q.refund_no is not null order by q.id desc limit 1), '12000');
select books_right('the books are right with refunds by bank');

-- The 0.01 yuan.
create function story.waiting(certificate text, account text default 'always') returns text language plpgsql as $$
declare
    no text := (select renewal_no from submit(certificate, certificate, account => account, organisation => certificate || '有限公司'));
begin
    perform settle(attempt(no), 'txn ' || certificate), claim('ann', no), approve('ann', no);
    return no;
end
$$;
create function story.stands(no text) returns text language sql as $$
    select concat_ws(' ', r.status, v.state, nullif(v.reason, ''), nullif(v.proof, ''), p.state) from xuqi.renewal r join xuqi.account_verification v using (renewal_no) left join xuqi.payout p using (renewal_no) where r.renewal_no = no order by p.number desc limit 1
$$;
create function story.client_of(no text) returns text language sql as $$ select client_id from xuqi.payout where renewal_no = no order by number desc limit 1 $$;
create function story.send_cent(no text, account text) returns text language sql as $$
    select outcome from job(client_of(no)) as task, lateral xuqi.payout_send(task.id, task.token, client_of(no), 'citic', '7443900182600096874', 'sealed', digest(account), '****', '102100000000', digest('salt'), digest('code'), 'code_entry', 6, 1000, 1000)
$$;
select waiting('unknown') as no \gset
select same('nobody knows', send_cent(:'no', '6222000000000301') || ' ' || stands(:'no'), 'send awaiting_account paying sent');
select same('the statement does', says(gone(1, '6222000000000301'), '6222000000000301') || ' ' || stands(:'no'), 'paid awaiting_account confirming paid');
select same('it comes back days later', says(line(1, '6222000000000301', '某公司', remark => '账号户名不符', days => 2, kind => 'returned'), '6222000000000301', 'name_mismatch') || ' ' || stands(:'no'), 'returned awaiting_account failed name_mismatch returned');
select books_right();
select waiting('silent') as no \gset
select send_cent(:'no', '6222000000000302') as sent \gset
select same('what comes back was paid', says(line(1, '6222000000000302', '某公司', kind => 'returned'), '6222000000000302') || ' ' || stands(:'no'), 'returned awaiting_account failed account_invalid returned');
select books_right();

-- A proof that falls with its match.
select waiting('proof', 'when_paid_online') as no \gset
select r.order_no as order_no from xuqi.renewal as r where r.renewal_no = :'no' \gset
select same('paid online, the account waits', stands(:'no'), 'awaiting_account paying queued');
select line(3000, '6222000000000401', 'proof有限公司', remark => :'order_no') as proof_line \gset
select xuqi.statement_match((select import_id from xuqi.statement_line where id = :proof_line), 'numbers', 0, 100) \gset
select same('a transfer from its own account is proof', stands(:'no'), 'awaiting_install passed transfer failed');
select max(id) as match from xuqi.transfer_match \gset
select same('taken back, it is none', ask('unproof', 'unmatch', 0, :match) || ' ' || stands(:'no'), 'done awaiting_account paying queued');
select same('and the 0.01 yuan is under way', (select number::text from xuqi.payout where client_id = client_of(:'no')), '2');
select waiting('late', 'when_paid_online') as no \gset
select r.order_no as order_no from xuqi.renewal as r where r.renewal_no = :'no' \gset
select line(3000, '6222000000000402', 'late有限公司', remark => :'order_no') as proof_line \gset
select xuqi.statement_match((select import_id from xuqi.statement_line where id = :proof_line), 'numbers', 0, 100) \gset
select issue(:'no') as issued, max(id) as match from xuqi.transfer_match \gset
select same('after the certificate a person decides', ask('too-late', 'unmatch', 0, :match) || ' ' || (select count(*) from xuqi.audit_event where action = 'account.unproven_late' and object = :'no'), 'done 0');
select same('told in the audit trail', (select count(*)::text from xuqi.audit_event where action = 'account.unproven_late' and object = :'no'), '1');
select books_right();

-- The bank's front end was not reached: nothing was sent, and what was due is still with the payout.
select line(9000, '6222000000000001', '甲方有限公司') as line \gset
select back('not-reached', :line, 50) as client \gset
select same('sent, it seems', send(:'client') || ' ' || (select outcome from job(:'client') as j, xuqi.payout_unsent(j.id, j.token, :'client', 5)) || ' ' || of(:'client'), 'send later queued approved 50');
select books_right('the books are right while it waits to be sent again');
select same('sent once more it is booked once', send(:'client') || ' ' || earned(:'client'), 'send payout_clearing -50, refund_payable 50');
select books_right('the books are right when it is sent again');
select same('nobody takes repayments to the bank''s site without a session', (select string_agg(outcome, ' ') from xuqi.payout_export(token('nobody'), 'nobody-1')), 'unauthenticated');
