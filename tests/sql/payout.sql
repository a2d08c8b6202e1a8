-- SPDX-License-Identifier: Apache-2.0
-- Payouts and the account verification: the number is fixed before the bank is called, never another while nobody knows
-- what became of it; what it costs is in the books; the code is tried three times; what comes back opens it again.
set search_path = story;
select hire('ann') as ann \gset

create function story.waiting(certificate text, account text default 'always') returns text language plpgsql as $$
declare
    no text := (select renewal_no from submit(certificate, certificate, account => account));
begin
    perform settle(attempt(no), 'txn ' || certificate), claim('ann', no), approve('ann', no);
    return no;
end
$$;
create function story.client_of(no text) returns text language sql as $$
    select client_id from xuqi.payout where renewal_no = no order by number desc limit 1
$$;
-- Takes the payout's row, whenever it is due.
create function story.taken(client text, out id bigint, out token bigint) returns record language plpgsql as $$
begin
    update xuqi.outbox set run_at = clock_timestamp() - interval '1 hour', state = 'ready', lease_until = null
     where event = client and state <> 'dead';
    select l.id, l.lease_token into id, token from xuqi.outbox_lease('payout', 1000, 60) as l where l.event = client;
    update xuqi.outbox set state = 'ready', lease_until = null where topic = 'payout' and state = 'leased' and event <> client;
end
$$;
create function story.send(
    client text, account text default null, per_account bigint default 6, per_hour bigint default 1000,
    budget bigint default 1000, mode text default 'code_entry') returns text
language sql as $$
    select outcome from taken(client) as task, lateral xuqi.payout_send(
        task.id, task.token, client, 'citic', '7443900182600096874', 'sealed payee', digest(coalesce(account, 'account of ' || client)), '****1234',
        '102100000000', digest('salt ' || client), digest('code ' || client), mode, per_account, per_hour, budget)
$$;
create function story.word(
    client text, word text, failure text default '', last bigint default 0, days bigint default 2,
    success_days bigint default 2) returns text
language sql as $$
    select outcome from taken(client) as task, lateral xuqi.payout_word(
        task.id, task.token, client, word, failure, word, 1, 30, last, days, 10, success_days)
$$;
create function story.confirm(no text, code text default null) returns text language sql as $$
    select concat_ws(' ', outcome, tries_left) from xuqi.account_confirm(no, digest(coalesce(code, 'code ' || client_of(no))), 3)
$$;
create function story.account(no text, account text default 'other', payouts bigint default 3, per_account bigint default 6)
returns text language sql as $$
    select outcome from xuqi.account_put(no, 'sealed correction', digest('whole ' || account), digest(account), '****9876', payouts, per_account)
$$;
create function story.stands(no text) returns text language sql as $$
    select concat_ws(' ', r.status, v.state, nullif(v.reason, ''), nullif(v.proof, ''), p.state, p.number)
      from xuqi.renewal r join xuqi.account_verification v using (renewal_no) join xuqi.payout p using (renewal_no)
     where r.renewal_no = no order by p.number desc limit 1
$$;
create function story.earned(client text) returns text language sql as $$
    select string_agg(a.kind || ' ' || moved.amount, ', ' order by a.kind::text)
      from (select account_id, sum(amount) as amount
              from (select t.debit_id as account_id, t.amount from xuqi.transfer t join xuqi.posting p on p.id = t.posting_id where p.event_key in (client, 'payout:' || client)
                    union all
                    select t.credit_id, -t.amount from xuqi.transfer t join xuqi.posting p on p.id = t.posting_id where p.event_key in (client, 'payout:' || client)) as side
             group by account_id having sum(amount) <> 0) as moved join xuqi.account a on a.id = moved.account_id
$$;

-- The straight way.
select waiting('straight') as no \gset
select client_of(:'no') as client \gset
select same('the last approval fixes the number', stands(:'no'), 'awaiting_account paying queued 1');
select yes('of at most twenty characters', :'client' ~ '^XQ[0-9]{18}$');
select same('and puts the effect into the outbox with it', (select topic || ' ' || event from xuqi.outbox where renewal_no = :'no' and topic = 'payout'), 'payout ' || :'client');
select same('nothing is known before it is sent', confirm(:'no'), 'account_not_paid');
select same('it is sent once', send(:'client') || ' ' || send(:'client'), 'send stale');
select same('which is a cost that the bank may have', earned(:'client'), 'payout_clearing -1, verify_expense 1');
select same('no answer is asked about', word(:'client', 'pending') || ' ' || stands(:'no'), 'later awaiting_account paying sent 1');
select same('thirty seconds later', (select (run_at - now() between interval '25 s' and interval '31 s')::text from xuqi.outbox where event = :'client'), 'true');
select same('the applicant gets no second one meanwhile', account(:'no'), 'payout_pending');
select same('who does not hold the row says nothing', (select outcome from xuqi.payout_word((select id from xuqi.outbox where event = :'client'), 99, :'client', 'paid', '', '', 1, 1, 0, 2, 10, 2)), 'stale');
select same('paid by the bank''s word', word(:'client', 'paid') || ' ' || stands(:'no'), 'paid awaiting_account confirming paid 1');
select same('it left the account', earned(:'client'), 'bank -1, verify_expense 1');
select same('its effect is done', (select count(*) from xuqi.outbox where event = :'client') || ' ' || (select result from xuqi.outbox_done where event = :'client'), '0 paid');
select same('the applicant is told to look for the code', (select count(*)::text from xuqi.outbox where event = 'account-paid' and renewal_no = :'no'), '1');
select same('for ten days', (select (expires_at - since)::text from xuqi.account_verification where renewal_no = :'no'), '10 days');
select same('a wrong code', confirm(:'no', 'guess'), 'account_code_wrong 2');
select version as before from xuqi.renewal where renewal_no = :'no' \gset
select same('another one', confirm(:'no', 'guess'), 'account_code_wrong 1');
select yes('is told to waiting pages', (select version > :before from xuqi.renewal where renewal_no = :'no'));
select same('the right one', confirm(:'no') || ' ' || stands(:'no'), 'confirmed awaiting_install passed code paid 1');
select same('and once more', confirm(:'no'), 'confirmed');
select same('a wrong one after it changes nothing', confirm(:'no', 'guess') || ' ' || status(:'no'), 'renewal_state awaiting_install');
select same('only then it may be installed', (select string_agg(event, ' ') from xuqi.outbox where topic = 'message' and event = 'approved' and renewal_no = :'no'), 'approved');
select same('and it is', issue(:'no') || ' ' || status(:'no'), 'recorded issued');
select same('a return after the certificate is a person''s', (select outcome from xuqi.payout_returned(:'client', 'name_mismatch', 'line 7', 'test')) || ' ' || status(:'no'), 'returned issued');
select same('told in the audit trail', (select object from xuqi.audit_event where action = 'payout.returned_late'), :'no');
select books_right();

-- The code counts before the bank has answered: whoever reads it has the account.
select waiting('early') as no \gset
select send(client_of(:'no')) as sent, confirm(:'no') as confirmed \gset
select same('read before the bank''s answer', :'confirmed' || ' ' || stands(:'no'), 'confirmed awaiting_install passed code sent 1');
select same('which is still asked for', word(client_of(:'no'), 'paid') || ' ' || stands(:'no'), 'paid awaiting_install passed code paid 1');

-- Three tries, three payouts.
select waiting('tries') as no \gset
select send(client_of(:'no')) as sent, word(client_of(:'no'), 'paid') as paid \gset
\set answers `race 12 "select story.confirm(':no', 'guess')"`
select same('twelve guesses at once are three', :'answers', 'account_code_wrong 1=1 account_code_wrong 2=1 account_tries_used=10');
select same('then the right one comes too late', confirm(:'no') || ' ' || stands(:'no'), 'account_tries_used awaiting_account failed tries_used paid 1');
select code_digest as first_code from xuqi.payout where client_id = client_of(:'no') \gset
select same('the same account once more', account(:'no', 'account of ' || client_of(:'no')) || ' ' || stands(:'no'), 'paying awaiting_account paying queued 2');
\set answers `race 10 "select story.account(':no', 'a third')"`
select same('ten corrections at once go into the one that is not sent', :'answers' || ' ' || stands(:'no'), 'paying=10 awaiting_account paying queued 2');
select send(client_of(:'no'), 'a third') as sent \gset
select same('the same correction again is the same payout', account(:'no', 'a third') || ' ' || stands(:'no'), 'paying awaiting_account paying sent 2');
select same('another one waits for what became of it', account(:'no', 'a fourth'), 'payout_pending');
select same('refused for good by the bank', word(client_of(:'no'), 'failed', 'account_invalid') || ' ' || stands(:'no'), 'failed awaiting_account failed account_invalid failed 2');
select same('which costs nothing', earned(client_of(:'no')), null);
select same('a code that was never paid is none', confirm(:'no'), 'account_not_paid');
select same('a third payout', account(:'no', 'a fourth') || ' ' || send(client_of(:'no'), 'a fourth') || ' ' || word(client_of(:'no'), 'failed', 'closed_or_frozen'), 'paying send failed');
select same('there is no fourth', account(:'no', 'a fifth') || ' ' || (select count(*) from xuqi.payout where renewal_no = :'no'), 'account_payouts_used 3');
select same('each failure was told', (select string_agg(split_part(dedup_key, ' ', 2), ' ' order by id) from xuqi.outbox where event = 'account-failed' and renewal_no = :'no'), 'tries_used account_invalid closed_or_frozen');
select books_right();

-- Never paid twice, never another number while nobody knows.
select waiting('unknown') as no \gset
select client_of(:'no') as client \gset
\set answers `race 10 "select story.send(':client')"`
select same('ten workers send it once', :'answers', 'send=1 stale=9');
select refused('it may not become another number''s', format($$update xuqi.payout set client_id = 'XQ1' where client_id = %L$$, :'client'));
select refused('no second one beside it', format($$insert into xuqi.payout (client_id, purpose, renewal_no, number, amount_fen) values ('XQ2', 'verification', %L, 2, 1)$$, :'no'), '23505');
select refused('nor one of two fen', format($$insert into xuqi.payout (client_id, purpose, renewal_no, number, amount_fen) values ('XQ2', 'verification', %L, 2, 2)$$, :'no'));
select refused('nor is one taken away', 'delete from xuqi.payout');
select same('the last quick look on the same day', word(:'client', 'pending', last => 1), 'later');
select same('at the end of its days it is a person''s', word(:'client', 'pending', last => 1, days => 0) || ' ' || stands(:'no'), 'person awaiting_account paying sent 1');
select same('with an alarm', (select detail from xuqi.audit_event where action = 'payout.unknown'), :'client');
select same('still no other number', account(:'no'), 'payout_pending');
select same('it is on the list', (select state || ' ' || dead from xuqi.payout_list() where client_id = :'client'), 'sent true');
select same('a person decides by what he saw', (select outcome from xuqi.payout_decide(:'client', 'failed', 'bank_temporary', 'statement of the 21st', 'lee', 10, 2)) || ' ' || stands(:'no'), 'decided awaiting_account failed bank_temporary failed 1');
select same('twice is once', (select outcome from xuqi.payout_decide(:'client', 'failed', 'bank_temporary', 'statement of the 21st', 'lee', 10, 2)), 'decided');
select same('not the other way round', (select outcome from xuqi.payout_decide(:'client', 'paid', '', 'x', 'lee', 10, 2)), 'payout_state');
select same('nor of nothing', (select outcome from xuqi.payout_decide('XQ0', 'paid', '', 'x', 'lee', 10, 2)), 'payout_unknown');
select same('only now another', account(:'no') || ' ' || (client_of(:'no') <> :'client'), 'paying true');

-- Certainly not received: the same number again.
select client_of(:'no') as client \gset
select send(:'client') as sent \gset
select same('the front end was not reached', (select outcome from taken(:'client') t, xuqi.payout_unsent(t.id, t.token, :'client', 5)) || ' ' || stands(:'no'), 'later awaiting_account paying queued 2');
select same('the same number goes again, booked once', send(:'client') || ' ' || earned(:'client'), 'send payout_clearing -1, verify_expense 1');
select word(:'client', 'pending') as asked \gset
select same('once it was asked about it is not unsent', (select outcome from taken(:'client') t, xuqi.payout_unsent(t.id, t.token, :'client', 5)), 'stale');
select books_right();

-- 退汇.
select waiting('returned') as no \gset
select client_of(:'no') as client \gset
select send(:'client', 'account r') as sent, word(:'client', 'paid') as paid, confirm(:'no') as confirmed \gset
select same('passed', stands(:'no'), 'awaiting_install passed code paid 1');
select same('the line of an account that was never paid', (select outcome from xuqi.payout_returned_line(digest('account x'), 1, now(), 'name_mismatch', 'line 0', 'test')), 'payout_unknown');
select same('nor of another amount', (select outcome from xuqi.payout_returned_line(digest('account r'), 2, now(), 'name_mismatch', 'line 0', 'test')), 'payout_unknown');
select same('nor from before', (select outcome from xuqi.payout_returned_line(digest('account r'), 1, now() - interval '1 day', 'name_mismatch', 'line 0', 'test')), 'payout_unknown');
\set answers `race 10 "select outcome from xuqi.payout_returned_line(story.digest('account r'), 1, now(), 'name_mismatch', 'line 1', 'test')"`
select same('the line that brings it back counts once', :'answers', 'replayed=9 returned=1');
select same('and opens the verification', stands(:'no'), 'awaiting_account failed name_mismatch returned 1');
select same('the cost is back', earned(:'client'), null);
select same('another line is another payout''s', (select outcome from xuqi.payout_returned_line(digest('account r'), 1, now(), 'name_mismatch', 'line 2', 'test')), 'payout_unknown');
select same('the old code is no proof any more', confirm(:'no'), 'account_not_paid');
select same('another account', account(:'no') || ' ' || send(client_of(:'no'), 'account s'), 'paying send');
select same('one that came back before the bank said it was paid', (select outcome from xuqi.payout_returned(client_of(:'no'), 'closed_or_frozen', 'line 3', 'test')) || ' ' || stands(:'no'), 'returned awaiting_account failed closed_or_frozen returned 2');
select same('while a certificate is made it is a person''s', (select stands(n) from (select waiting('making') as n) w, lateral send(client_of(n)), lateral word(client_of(n), 'paid'), lateral confirm(n), lateral intend(n), lateral xuqi.payout_returned(client_of(n), 'name_mismatch', 'line 9', 'test')), 'awaiting_install passed code returned 1');
select books_right();

-- Limits.
select same('an account is paid so often in its life', (select string_agg(send(client_of(waiting('life ' || n)), 'one account', per_account => 2), ' ' order by n) from generate_series(1, 3) as n), 'send send account_limit');
select waiting('life 4') as no \gset
select same('and a correction to it is refused', account(:'no', 'one account', per_account => 2) || ' ' || stands(:'no'), 'account_limit awaiting_account paying queued 1');
select same('the day''s budget', send(client_of(:'no'), budget => 0) || ' ' || send(client_of(:'no'), budget => 0) || ' ' || stands(:'no'), 'later later awaiting_account paying queued 1');
select same('is told once a day', (select count(*)::text from xuqi.audit_event where action = 'payout.budget'), '1');
select same('tomorrow it goes on', (select (run_at at time zone 'Asia/Shanghai')::time::text from xuqi.outbox where event = client_of(:'no')), '00:00:00');
delete from xuqi.bank_quota;
select same('the hour''s calls', (select string_agg(xuqi.bank_quota_take('movement', 2)::text, ' ') from generate_series(1, 3)), 'true true false');
select same('of another kind', xuqi.bank_quota_take('query', 2)::text, 'true');
select same('a payout waits for the next', send(client_of(:'no'), per_hour => 2) || ' ' || stands(:'no'), 'later awaiting_account paying queued 1');
delete from xuqi.bank_quota;
\set answers `race 20 "select xuqi.bank_quota_take('movement', 7)"`
select same('twenty at once take no more than there are', :'answers', 'f=13 t=7');
update xuqi.bank_quota set slot = slot - interval '66 minutes';
select same('after the hour they may', xuqi.bank_quota_take('movement', 1)::text, 'true');

-- Where a payout that stays there is proof.
select waiting('success') as no \gset
select send(client_of(:'no'), mode => 'payout_success') as sent, word(client_of(:'no'), 'paid') as paid \gset
select same('paid waits whether it comes back', stands(:'no'), 'awaiting_account confirming paid 1');
select same('no code is asked for', confirm(:'no'), 'account_unexpected');
update xuqi.account_verification set expires_at = now() - interval '1 s' where renewal_no = :'no';
select closed as housekeeping from xuqi.housekeeping(90000) \gset
select same('and is proof after its days', stands(:'no'), 'awaiting_install passed payout paid 1');
select same('at once where nobody waits', (select stands(n) from (select waiting('at once') as n) w, lateral send(client_of(n), mode => 'payout_success'), lateral word(client_of(n), 'paid', success_days => 0)), 'awaiting_install passed payout paid 1');

-- Time.
select waiting('late') as no \gset
select send(client_of(:'no')) as sent, word(client_of(:'no'), 'paid') as paid \gset
update xuqi.account_verification set remind_at = now() - interval '1 s' where renewal_no = :'no';
select closed as housekeeping from xuqi.housekeeping(90000) \gset
select same('a reminder', (select reminders || ' ' || (select count(*) from xuqi.outbox where event = 'account-reminder' and renewal_no = :'no') from xuqi.account_verification where renewal_no = :'no'), '1 1');
update xuqi.account_verification set expires_at = now() - interval '1 s' where renewal_no = :'no';
select same('a code over its time', confirm(:'no'), 'account_code_expired');
select closed as housekeeping from xuqi.housekeeping(90000) \gset
select same('is over', stands(:'no') || ' ' || confirm(:'no'), 'awaiting_account failed expired paid 1 account_code_expired');
do $$ begin
    for n in 1..4 loop
        update xuqi.account_verification set remind_at = now() - interval '1 s' where remind_at is not null;
        perform xuqi.housekeeping(90000);
    end loop;
end $$;
select same('three reminders, then a person', (select string_agg(action, ' ' order by id) from xuqi.audit_event where object = :'no' and action like 'account.%' and action <> 'account.fail' and id > (select max(id) from xuqi.audit_event where object = :'no' and action = 'account.fail')), 'account.remind account.remind account.overdue');
select same('Friday and two working days', xuqi.working_days_after('2026-11-20 10:00+08', 2)::text, '2026-11-24 10:00:00+08'::timestamptz::text);
select same('Saturday and one', xuqi.working_days_after('2026-11-21 10:00+08', 1)::text, '2026-11-23 10:00:00+08'::timestamptz::text);
select same('none', xuqi.working_days_after('2026-11-21 10:00+08', 0)::text, '2026-11-21 10:00:00+08'::timestamptz::text);

-- Paid by transfer from the company's own account.
select renewal_no as no from submit('transfer', 'transfer', account => 'when_paid_online') \gset
select same('the proof comes with the money', xuqi.account_proven_by_transfer(:'no', 'line 1', 'matching')::text, 'true');
select settle(attempt(:'no'), 'txn transfer') as paid, claim('ann', :'no') as claimed, approve('ann', :'no') as approved \gset
select same('nothing is paid out', status(:'no') || ' ' || (select proof from xuqi.account_verification where renewal_no = :'no') || ' ' || (select count(*) from xuqi.payout where renewal_no = :'no'), 'awaiting_install transfer 0');
select same('paid online it is', stands(waiting('online', 'when_paid_online')), 'awaiting_account paying queued 1');
select waiting('found later', 'when_paid_online') as no \gset
select same('found afterwards, before it was sent', xuqi.account_proven_by_transfer(:'no', 'line 2', 'matching') || ' ' || stands(:'no'), 'true awaiting_install passed transfer failed 1');
select same('twice is once', xuqi.account_proven_by_transfer(:'no', 'line 2', 'matching') || ' ' || stands(:'no'), 'true awaiting_install passed transfer failed 1');
select waiting('found even later', 'when_paid_online') as no \gset
select send(client_of(:'no')) as sent \gset
select same('found while it is with the bank', xuqi.account_proven_by_transfer(:'no', 'line 3', 'matching') || ' ' || word(client_of(:'no'), 'failed', 'account_invalid') || ' ' || stands(:'no'), 'true failed awaiting_install passed transfer failed 1');
select waiting('always so') as no \gset
select same('where it is always asked for a transfer does not count', xuqi.account_proven_by_transfer(:'no', 'line 4', 'matching') || ' ' || stands(:'no'), 'false awaiting_account paying queued 1');

-- Guessed while it was thought to be with the bank, which was not reached.
select waiting('guessed early') as no \gset
select send(client_of(:'no')) as sent \gset
select string_agg(confirm(:'no', 'guess ' || n), ', ') as guesses from generate_series(1, 3) as n \gset
select same('three guesses before the bank has said anything', :'guesses' || ' ' || stands(:'no'), 'account_code_wrong 2, account_code_wrong 1, account_tries_used awaiting_account failed tries_used sent 1');
select client_of(:'no') as client \gset
select outcome as unsent from taken(:'client') t, xuqi.payout_unsent(t.id, t.token, :'client', 5) \gset
select same('it was not sent at all: asked for once more it is under way', account(:'no') || ' ' || stands(:'no'), 'paying awaiting_account paying queued 1');
select same('and its code has tries again', send(:'client') || ' ' || confirm(:'no', 'guess') || ' ' || confirm(:'no'), 'send account_code_wrong 2 confirmed');
select books_right();
