-- SPDX-License-Identifier: Apache-2.0
-- Money that goes back: once, under one number, never more than came, decided by two people where somebody asked for it,
-- and only what a gateway, a bank or two people say is booked.
set search_path = story;

select hire('fay', array['finance']) as fay, hire('gus', array['finance']) as gus, hire('ann') as ann, hire('bob') as bob \gset
create function story.refund_state(no text) returns text language sql as $$ select state from xuqi.refund where refund_no = no $$;
create function story.cancel(no text) returns text language sql as $$
    select concat_ws(' ', outcome, refund_no, amount_fen) from xuqi.renewal_cancel(no)
$$;
create function story.ask(name text, order_no text, fen bigint, key text, reason text default 'complaint') returns text
language sql as $$ select concat_ws(' ', outcome, refund_no, state) from xuqi.refund_ask(story.token(name), order_no, fen, reason, key) $$;
create function story.approve_refund(name text, no text) returns text language sql as $$
    select concat_ws(' ', outcome, state) from xuqi.refund_approve(story.token(name), no)
$$;
create function story.refuse_refund(name text, no text, reason text default 'no') returns text language sql as $$
    select concat_ws(' ', outcome, state) from xuqi.refund_refuse(story.token(name), no, reason)
$$;
create function story.retry(name text, no text) returns text language sql as $$
    select concat_ws(' ', outcome, refund_no, state) from xuqi.refund_retry(story.token(name), no)
$$;
create function story.begin_refund(no text, limit_fen bigint default 50000) returns text language sql as $$
    select outcome from xuqi.refund_begin(no, limit_fen)
$$;
-- What jobs does with one row of the outbox; the word of the gateway ends the try.
create function story.gateway_says(no text, word text, next interval default '1 minute', token bigint default null) returns text
language plpgsql as $$
declare
    held record;
begin
    update xuqi.outbox set run_at = now() where event = no;
    select * into held from xuqi.outbox_lease('refund', 100, 60) where event = no;
    update xuqi.outbox set state = 'ready', lease_until = null where topic = 'refund' and event <> no and state = 'leased';
    return (select outcome from xuqi.refund_end(held.id, coalesce(token, held.lease_token), no, word, 'said', 'G ' || no, now() + next));
end
$$;
create function story.owed(txn text) returns text language plpgsql as $$ begin
    return (select state from xuqi.surplus where gateway_txn = txn union all select state from xuqi.refund_due where order_no = txn);
end $$;
create function story.attempt_state(no text) returns text language plpgsql as $$ begin
    return (select state from xuqi.payment_attempt where attempt_no = no);
end $$;
create function story.credit(no text) returns bigint language sql as $$
    select b.credits - b.debits from xuqi."order" o join xuqi.balance b on b.account_id = o.payer_credit_id where o.order_no = no
$$;
create function story.clearing() returns bigint language sql as $$
    select sum(case when t.debit_id = a.id then t.amount else -t.amount end)::bigint
      from xuqi.account a join xuqi.transfer t on a.id in (t.debit_id, t.credit_id) where a.kind = 'gateway_clearing'
$$;

-- -- cancelled after payment ------------------------------------------------------------------------------------------
select renewal_in('awaiting_review', 'regret') as no \gset
select order_no as order_no, order_no || 'R001' as refund from xuqi.renewal where renewal_no = :'no' \gset
\set answers `race 20 "select story.cancel(':no')"`
select same('twenty cancellations at once ask for one refund', :'answers', 'refund_asked ' || :'refund' || ' 20000=20');
select same('the renewal goes on', status(:'no'), 'awaiting_review');
select same('jobs leaves it to a person', begin_refund(:'refund') || ' ' || refund_state(:'refund'), 'waiting asked');
select same('a reviewer approves none', approve_refund('ann', :'refund'), 'forbidden');
select same('nor does nobody', approve_refund('nobody', :'refund'), 'unauthenticated');
select same('one that is not there', approve_refund('fay', 'none'), 'refund_unknown');
\set answers `race 10 "select story.approve_refund('fay', ':refund')"`
select yes('ten approvals at once are one, got ' || :'answers', :'answers' like 'approved approved=%' and refund_state(:'refund') = 'approved');
select same('another one comes too late', approve_refund('gus', :'refund'), 'refund_state approved');
select same('the renewal has ended', status(:'no'), 'cancelled');
select same('its price waits under the refund''s number', (select credits - debits from xuqi.balance b join xuqi.account a on a.id = b.account_id
    where a.kind = 'refund_payable' and a.owner_key = :'refund')::text || ' ' || credit(:'order_no'), '20000 0');
select books_right('the books are right while it waits');
\set answers `race 10 "select story.begin_refund(':refund')"`
select same('of ten beginnings at once one sends', :'answers', 'ask=9 send=1');
select same('another''s row is not ended', gateway_says(:'refund', 'done', token => 0), 'stale');
update xuqi.outbox set state = 'ready', lease_until = null where event = :'refund';
select same('no answer: unknown, the same number again', gateway_says(:'refund', 'no_answer') || ' ' || refund_state(:'refund') || ' ' || begin_refund(:'refund'), 'later unknown ask');
select same('never heard of it: unknown still', gateway_says(:'refund', 'not_found') || ' ' || refund_state(:'refund'), 'later unknown');
select same('what is unknown is not tried under another number', retry('fay', :'refund'), 'refund_state');
select same('done', gateway_says(:'refund', 'done') || ' ' || refund_state(:'refund'), 'done done');
select same('it has left the gateway''s clearing', clearing()::text, '0');
select same('jobs has nothing more to do', begin_refund(:'refund'), 'ended');
select same('the applicant is told once', (select count(*) from xuqi.outbox where event = 'refunded' and renewal_no = :'no')::text, '1');
select same('a renewal that is refunded is cancelled', cancel(:'no'), 'cancelled');
select same('nothing more goes back', ask('fay', :'order_no', 1, 'more'), 'refund_exceeds');
select books_right('the books are right after it');

-- -- refused, and asked for again -------------------------------------------------------------------------------------
select renewal_in('awaiting_install', 'wavering') as no \gset
select order_no as order_no, order_no || 'R001' as refund from xuqi.renewal where renewal_no = :'no' \gset
select same('asked', cancel(:'no'), 'refund_asked ' || :'refund' || ' 20000');
\set answers `race 10 "select story.refuse_refund('gus', ':refund')"`
select same('ten refusals at once are one', :'answers', 'refused refused=10');
select same('with another reason it is another', refuse_refund('gus', :'refund', 'other'), 'refund_state refused');
select same('what is refused is not approved', approve_refund('fay', :'refund'), 'refund_state refused');
select same('it may be asked for again', cancel(:'no'), 'refund_asked ' || :'order_no' || 'R002 20000');
select same('an installation meanwhile', issue(:'no'), 'recorded');
select same('ends the matter', approve_refund('fay', :'order_no' || 'R002'), 'certificate_issued asked');

-- -- what staff asks for -----------------------------------------------------------------------------------------------
select same('issued: not before it is revoked', ask('fay', :'order_no', 5000, 'k'), 'certificate_issued');
select outcome from xuqi.certificate_revoke((select serial from xuqi.certificate where renewal_no = :'no'), 'cessation') \gset
select refuse_refund('fay', :'order_no' || 'R002') as refused \gset
create function story.invoice(name text, order_no text, state text, number text, corrects text default '', why text default '') returns text
language sql as $$ select concat_ws(' ', outcome, i.state, i.number, recorded_by, step)
                     from xuqi.order_invoice(story.token(name), order_no, invoice.state, invoice.number, corrects, why) as i $$;
select same('no red letter of what was never issued', invoice('fay', :'order_no', 'reversed', '24440002'), 'renewal_state');
select same('nor of an order that is none', invoice('fay', 'none', 'issued', '24440001'), 'order_unknown');
\set answers `race 10 "select story.invoice('fay', ':order_no', 'issued', '24440009')"`
select same('ten notes of one invoice at once are one', :'answers', 'noted issued 24440009 FAY invoice.issued=10');
select same('another number does not take its place, and is told whose is there', invoice('gus', :'order_no', 'issued', '24440001'), 'invoice_recorded issued 24440009 FAY invoice.issued');
select same('what is corrected must be what is there', invoice('gus', :'order_no', 'issued', '24440001', '24440008', 'typed wrong'), 'invoice_changed issued 24440009 FAY invoice.issued');
select same('and of the same kind', invoice('gus', :'order_no', 'reversed', '24440001', '24440009', 'typed wrong'), 'invoice_changed issued 24440009 FAY invoice.issued');
\set answers `race 10 "select story.invoice('gus', ':order_no', 'issued', '24440001', '24440009', 'typed wrong')"`
select same('ten corrections at once are one', :'answers', 'noted issued 24440001 GUS invoice.corrected=10');
select same('of two different ones the second comes too late', invoice('fay', :'order_no', 'issued', '24440007', '24440009', 'typed wrong'), 'invoice_changed issued 24440001 GUS invoice.corrected');
select same('what was corrected does not come back by a late request', invoice('fay', :'order_no', 'issued', '24440009'), 'invoice_recorded issued 24440001 GUS invoice.corrected');
select same('each step is kept', (select string_agg(concat_ws(' ', version, state, number, corrects, (select words from xuqi.reason where id = reason_id)), ', ' order by version)
    from xuqi.invoice_record where order_no = :'order_no'), '1 issued 24440009, 2 issued 24440001 24440009 typed wrong');
select same('the trail has old and new, and the words apart', (select string_agg(actor || ' ' || action || ' ' || regexp_replace(detail, 'reason \d+ sha256:[0-9a-f]{64}', 'reason'), ', ' order by id)
    from xuqi.audit_event where action like 'invoice.%' and object = :'no'),
    format('staff:fay invoice.issued %1$s 24440009, staff:gus invoice.corrected %1$s issued 24440009 -> 24440001: reason', :'order_no'));
select same('corrected or not: it stands in the way', ask('fay', :'order_no', 5000, 'k'), 'invoice_issued');
select same('until its red letter', invoice('gus', :'order_no', 'reversed', '24440002'), 'noted reversed 24440002 GUS invoice.reversed');
select same('after which the invoice does not come back by a late request', invoice('fay', :'order_no', 'issued', '24440001') || ', ' || invoice('fay', :'order_no', 'issued', '24440009'),
    'invoice_recorded reversed 24440002 GUS invoice.reversed, invoice_recorded reversed 24440002 GUS invoice.reversed');
select same('nor does another red letter', invoice('fay', :'order_no', 'reversed', '24440003'), 'invoice_recorded reversed 24440002 GUS invoice.reversed');
select same('a new invoice is one of its own', invoice('fay', :'order_no', 'issued', '24440004'), 'noted issued 24440004 FAY invoice.issued');
select same('stands in the way', ask('fay', :'order_no', 5000, 'k'), 'invoice_issued');
select same('and needs its own red letter', invoice('fay', :'order_no', 'reversed', '24440002') || ', ' || invoice('gus', :'order_no', 'reversed', '24440005'),
    'invoice_recorded issued 24440004 FAY invoice.issued, noted reversed 24440005 GUS invoice.reversed');
select same('the desk reads each step with its reason, the newest first', (select string_agg(concat_ws(' ', outcome, version, state, number, corrects, reason, recorded_by), ', ' order by version desc)
    from xuqi.order_invoice_records(token('fay'), :'order_no')), 'ok 5 reversed 24440005 GUS, ok 4 issued 24440004 FAY, ok 3 reversed 24440002 GUS, ok 2 issued 24440001 24440009 typed wrong GUS, ok 1 issued 24440009 FAY');
select same('who reviews does not read them, nor does nobody; an order that is none has none', (select string_agg(outcome, ' ' order by n) from (
    select 1, outcome from xuqi.order_invoice_records(token('ann'), :'order_no') union all select 2, outcome from xuqi.order_invoice_records(token('nobody'), :'order_no')
    union all select 3, outcome from xuqi.order_invoice_records(token('fay'), 'none')) as l (n, outcome)), 'forbidden unauthenticated order_unknown');
create function story.invoices(state text, words text default '', who text default 'fay', after text default '', size bigint default 50, approved text[] default '{}', installed text[] default '{}') returns text
language sql as $$ select string_agg(concat_ws(' ', i.outcome, i.order_no, i.state, nullif(i.number, '')), ', ') from xuqi.finance_invoices(story.token(who), invoices.state, words, after, size, approved, installed) as i $$;
select same('it is found by its number, its application''s, and each number that ever stood there', invoices('due', :'order_no') || '; ' || invoices('due', :'no') || '; ' || invoices('due', '24440009') || '; ' || invoices('due', '24440005'),
    format('ok %1$s reversed 24440005; ok %1$s reversed 24440005; ok %1$s reversed 24440005; ok %1$s reversed 24440005', :'order_no'));
select same('not by what nobody noted, nor by who reviews, nor by nobody', invoices('due', '24449999') || ' ' || invoices('all', '', 'ann') || ' ' || invoices('all', '', 'nobody'), 'empty forbidden unauthenticated');
select same('among the reversed it is the only one, among the issued there is none', invoices('reversed') || ', ' || invoices('issued'), format('ok %s reversed 24440005, empty', :'order_no'));
select refused('an order''s invoice that nobody recorded', format('update xuqi."order" set invoice_number = ''24440006'' where order_no = %L', :'order_no'));
\set answers `race 10 "select story.ask('fay', ':order_no', 5001, 'k')"`
select same('ten equal requests at once are one', :'answers', 'asked ' || :'order_no' || 'R003 asked=10');
select same('its key stands for it', ask('fay', :'order_no', 5002, 'k'), 'refund_differs');
select same('nobody approves his own', approve_refund('fay', :'order_no' || 'R003'), 'refund_own asked');
select same('another does', approve_refund('gus', :'order_no' || 'R003'), 'approved approved');
select same('the rest', ask('fay', :'order_no', 14999, 'rest'), 'asked ' || :'order_no' || 'R004 asked');
select same('and not a fen more', ask('gus', :'order_no', 1, 'fen'), 'refund_exceeds');
select approve_refund('gus', :'order_no' || 'R004') as approved \gset
select same('no revenue is left of it', (select sum(case when t.credit_id = a.id then t.amount else -t.amount end)
      from xuqi.posting p join xuqi.transfer t on t.posting_id = p.id join xuqi.account a on a.id in (t.credit_id, t.debit_id)
     where a.kind = kind and (p.event_key = :'order_no' and p.event_type = 'issue' or p.event_key like :'order_no' || 'R%'))::text, '0')
  from unnest(array['revenue', 'output_tax']::xuqi.account_kind[]) as kind;
select books_right('the books are right with parts under way');
select same('sent', begin_refund(:'order_no' || 'R003') || ' ' || begin_refund(:'order_no' || 'R004'), 'send send');
select same('not taken, and not found: failed', gateway_says(:'order_no' || 'R003', 'refused') || ' ' || gateway_says(:'order_no' || 'R003', 'not_found'), 'later failed');
select same('the payer has it again', credit(:'order_no')::text, '5001');
select books_right('the books are right with a failed one');
select same('and is not given it twice', ask('fay', :'order_no', 5001, 'anew'), 'refund_exceeds');
\set answers `race 10 "select story.retry('gus', ':order_no' || 'R003')"`
select same('ten retries at once are one', :'answers', 'asked ' || :'order_no' || 'R005 asked=10');
select same('which another one approves', approve_refund('gus', :'order_no' || 'R005') || ', ' || approve_refund('fay', :'order_no' || 'R005'), 'refund_own asked, approved approved');
select same('and it is sent under its own number', begin_refund(:'order_no' || 'R005') || ' ' || gateway_says(:'order_no' || 'R005', 'done') || ' ' || gateway_says(:'order_no' || 'R004', 'done'), 'send done done');
select same('all is back', credit(:'order_no')::text, '0');
select renewal_in('awaiting_review', 'part') as part \gset
select same('before issuance no parts', ask('fay', (select order_no from xuqi.renewal where renewal_no = :'part'), 5000, 'part'), 'refund_not_whole');

-- -- invoices that wait --------------------------------------------------------------------------------------------------
select renewal_in('awaiting_review', 'wants') as wants, renewal_in('awaiting_review', 'wants none') as wants_none, renewal_in('awaiting_payment', 'unpaid') as unpaid,
       renewal_in('awaiting_review', 'wants too') as too \gset
begin;
set local session_replication_role = replica;
update xuqi.renewal set invoice_kind = case when renewal_no in (:'wants', :'too', :'unpaid', :'no') then 'electronic' else 'none' end;
commit;
select (select order_no from xuqi.renewal where renewal_no = :'wants') as wants, (select order_no from xuqi.renewal where renewal_no = :'too') as too \gset
select same('what is paid and asked for an invoice waits for its number, the oldest first', invoices('due'), format('ok %s none, ok %s none', :'wants', :'too'));
select same('page by page', invoices('due', size => 1) || ', ' || invoices('due', after => :'wants'), format('ok %s none, ok %s none', :'wants', :'too'));
select invoice('fay', :'wants', 'issued', '24440011') as noted \gset
select same('once it is noted it waits no more, and is among the issued', invoices('due') || ', ' || invoices('issued'), format('ok %s none, ok %s issued 24440011', :'too', :'wants'));
select same('of all that are paid the newest is first', split_part(invoices('all', size => 1), ' ', 2), :'too');
select renewal_in('awaiting_install', 'let in') as approved, renewal_in('completed', 'put in') as installed \gset
begin;
set local session_replication_role = replica;
update xuqi.renewal set invoice_kind = 'electronic' where renewal_no in (:'approved', :'installed');
commit;
select (select order_no from xuqi.renewal where renewal_no = :'approved') as approved, (select order_no from xuqi.renewal where renewal_no = :'installed') as installed, platform
  from xuqi.renewal where renewal_no = :'approved' \gset
select same('where approval is the moment, those not approved wait for it', invoices('due', approved => array[:'platform']), format('ok %s none, ok %s none', :'approved', :'installed'));
select same('where it is the installation, those not installed', invoices('due', installed => array[:'platform']), format('ok %s none', :'installed'));
select same('another platform''s moment is not theirs', invoices('due', approved => '{other}', installed => '{other}'), format('ok %s none, ok %s none, ok %s none', :'too', :'approved', :'installed'));
do $$ begin perform submit('far ' || n, 'far ' || n) from generate_series(1, 300) as n; end $$;
analyze;
select same('a page costs what a page costs', (read_of($$select from xuqi.finance_invoices(token('fay'), 'due', '', '', 20, '{}', '{}')$$) < 500
    and read_of($$select from xuqi.finance_invoices(token('fay'), 'due', '24440011', '', 20, '{}', '{}')$$) < 500)::text, 'true');

-- -- what goes back by itself ------------------------------------------------------------------------------------------
select renewal_in('awaiting_review', 'twice') as no \gset
select order_no as order_no, order_no || 'R001' as refund from xuqi.renewal where renewal_no = :'no' \gset
select settle((select attempt_no from xuqi.payment_attempt where order_no = :'order_no'), 'again') as surplus \gset
select same('a surplus over the limit waits for a person', begin_refund(:'refund', 19999), 'waiting');
select same('it is owed', refuse_refund('fay', :'refund'), 'refund_owed asked');
select same('up to the limit it goes', begin_refund(:'refund', 20000) || ' ' || owed('again'), 'send approved');
select same('failed it is due again', gateway_says(:'refund', 'failed') || ' ' || owed('again'), 'failed due');
select same('tried again it goes without an approval', retry('fay', :'refund') || ', ' || begin_refund(:'order_no' || 'R002') || ' ' || gateway_says(:'order_no' || 'R002', 'done')
            || ' ' || owed('again'), 'asked ' || :'order_no' || 'R002 asked, send done refunded');
select cancel(:'no') as asked, claim('ann', :'no') as claimed \gset
select outcome from xuqi.review_reject(token('ann'), :'no', 'name_wrong', 'no') \gset
select same('a rejection takes the place of what the applicant asked for', refund_state(:'order_no' || 'R003') || ' ' || refund_state(:'order_no' || 'R004'), 'refused asked');
select same('and goes back by itself', begin_refund(:'order_no' || 'R004') || ' ' || gateway_says(:'order_no' || 'R004', 'done') || ' '
            || owed(:'order_no'), 'send done refunded');
select books_right('the books are right after what goes by itself');

-- -- by bank transfer ---------------------------------------------------------------------------------------------------
select renewal_in('awaiting_review', 'bank') as no \gset
select order_no as order_no, order_no || 'R001' as refund from xuqi.renewal where renewal_no = :'no' \gset
begin;
set local session_replication_role = replica;
update xuqi."order" set paid_gateway = 'transfer', paid_gateway_txn = null where order_no = :'order_no';
commit;
select cancel(:'no') as asked, approve_refund('fay', :'refund') as approved \gset
select same('of which no line says where it came from is left to finance', begin_refund(:'refund') || ' ' || refund_state(:'refund'), 'payout awaiting_payout');
create function story.pay_out(name text, no text, reference text, account text default '7443900182600096874') returns text language sql as $$
    select concat_ws(' ', outcome, state) from xuqi.refund_pay_out(story.token(name), no, account, reference)
$$;
select same('from a bank account of ours', pay_out('gus', :'refund', 'B1'), 'collecting_account_unknown awaiting_payout');
select xuqi.collecting_account_publish('{中信银行}', '{7443900182600096874}', '{某CA}') \gset
select same('as it is written', pay_out('gus', :'refund', 'B1', '7443900182600096875') || ' ' || (select count(*) from xuqi.account where kind = 'bank'), 'collecting_account_unknown awaiting_payout 1');
select same('nor is there a payout to try again', retry('gus', :'refund'), 'payer_account_unknown ' || :'refund' || ' awaiting_payout');
\set answers `race 10 "select story.pay_out('gus', ':refund', 'B1')"`
select same('ten reports at once are one', :'answers', 'done done=10');
select same('another reference is another payment', pay_out('gus', :'refund', 'B2'), 'refund_differs done');
select same('what a gateway pays back finance does not', pay_out('gus', :'order_no' || 'R009', 'B1'), 'refund_unknown');

-- -- what gateways tell ---------------------------------------------------------------------------------------------------
create function story.tell(no text, good boolean, raw text, gateway text default 'alipay') returns text language sql as $$
    select outcome from xuqi.refund_tell(gateway, no, good, convert_to(raw, 'UTF8'), 'key 1')
$$;
select renewal_in('awaiting_review', 'told') as no \gset
select order_no as order_no, order_no || 'R001' as refund from xuqi.renewal where renewal_no = :'no' \gset
select cancel(:'no') as asked, approve_refund('fay', :'refund') as approved, begin_refund(:'refund') as sent \gset
\set answers `race 20 "select story.tell(':refund', true, 'notice')"`
select same('twenty equal notices have it asked', :'answers', 'asked=20');
select same('and kept once', (select count(*) from xuqi.payment_notice where attempt_no = :'refund')::text, '1');
select same('of another gateway: none of ours', tell(:'refund', true, 'foreign', 'wechat'), 'unasked');
select same('of no refund of ours', tell(:'order_no' || 'R777', true, 'console'), 'unasked');
select same('nothing is booked for a notice', refund_state(:'refund'), 'sent');
select gateway_says(:'refund', 'done') as done \gset
select same('afterwards it is a replay', tell(:'refund', true, 'late'), 'replayed');
select same('what contradicts is for a person', tell(:'refund', false, 'contradiction'), 'mismatch');
select same('and kept', (select reason from xuqi.payment_notice where attempt_no = :'refund' and verdict = 'mismatch'), 'refund is done');

-- -- what nobody explains -------------------------------------------------------------------------------------------------
create function story.resolve(name text, kind text, number text, happened boolean, evidence text default 'statement 1121') returns text
language sql as $$ select outcome from xuqi.unknown_resolve(story.token(name), kind, number, happened, case when happened then 'X1' || right(number, 3) else '' end, evidence) $$;
select renewal_in('awaiting_review', 'lost') as no \gset
select order_no as order_no, order_no || 'R001' as refund from xuqi.renewal where renewal_no = :'no' \gset
select cancel(:'no') as asked, approve_refund('fay', :'refund') as approved, begin_refund(:'refund') as sent \gset
select same('while the gateway is asked nobody resolves', resolve('fay', 'refund', :'refund', true), 'not_unknown');
select same('at the end a person must', gateway_says(:'refund', 'no_answer', null) || ' ' || refund_state(:'refund'), 'person unknown');
select same('a number that is none', resolve('fay', 'refund', 'none', true), 'payment_unknown');
select same('one says it', resolve('fay', 'refund', :'refund', false), 'proposed');
select same('and may say otherwise', resolve('fay', 'refund', :'refund', true), 'proposed');
select same('another one who says otherwise', resolve('gus', 'refund', :'refund', false), 'resolution_differs');
\set answers `race 10 "select story.resolve('gus', 'refund', ':refund', true)"`
select same('who says the same books it', :'answers' || ' ' || refund_state(:'refund'), 'resolved=10 done');
select same('by two people', (select decided_by <> said_by from xuqi.resolution where number = :'refund')::text, 'true');
select renewal_in('awaiting_payment', 'lost payment') as no \gset
select attempt(:'no') as attempt, order_no as order_no from xuqi.renewal where renewal_no = :'no' \gset
update xuqi.payment_attempt set state = 'unknown' where attempt_no = :'attempt';
insert into xuqi.outbox (topic, dedup_key, event, renewal_no, state) values ('payment_query', 'x', :'attempt', :'no', 'dead');
select same('a payment as well', resolve('fay', 'payment', :'attempt', true) || ' ' || resolve('gus', 'payment', :'attempt', true) || ' ' || status(:'no'), 'proposed resolved awaiting_review');
select same('which is booked under the gateway''s number', (select count(*) from xuqi.posting where event_key = 'alipay:X1' || right(:'attempt', 3))::text, '1');
select attempt as attempt from (select attempt(renewal_in('awaiting_payment', 'lost for good')) as attempt) as a \gset
update xuqi.payment_attempt set state = 'unknown' where attempt_no = :'attempt';
insert into xuqi.outbox (topic, dedup_key, event, renewal_no, state) values ('payment_query', 'y', :'attempt', 'none', 'dead');
select same('or closed', resolve('fay', 'payment', :'attempt', false) || ' ' || resolve('gus', 'payment', :'attempt', false) || ' ' ||
            attempt_state(:'attempt'), 'proposed resolved closed');
select books_right();

-- -- by themselves ------------------------------------------------------------------------------------------------------
select renewal_in('awaiting_review', 'rules') as no \gset
select order_no as order_no, order_no || 'R001' as refund from xuqi.renewal where renewal_no = :'no' \gset
select cancel(:'no') as asked \gset
\set answers `race 8 "insert into xuqi.refund (refund_no, renewal_no, order_no, cause, payment_id, attempt_no, gateway, gateway_txn, paid_fen, amount_fen, reason, asked_by) select order_no || 'R01%i', renewal_no, order_no, 'staff', payment_id, attempt_no, gateway, gateway_txn, paid_fen, 10000, '', 1 from xuqi.refund where refund_no = ':refund' returning 'written'" 2>/dev/null || true`
select same('no race gives more back than came', (select sum(amount_fen) from xuqi.refund where order_no = :'order_no' and state not in ('failed', 'refused'))::text, '20000');
select refused(what, format('update xuqi.refund set %s where refund_no = %L', change, :'refund'), '23514') from (values
    ('another amount', 'amount_fen = 1'), ('another payment''s amount', 'paid_fen = 99999'), ('another number', 'gateway_txn = ''x'''), ('a state that does not follow', 'state = ''sent'', sent_at = now()'),
    ('another reason', 'reason = ''x'''), ('approved by nobody', 'state = ''approved'', approved_at = now(), reserve_id = (select min(id) from xuqi.posting)'),
    ('approved without its money', 'state = ''approved'', approved_by = 1, approved_at = now()')) as it (what, change);
select refused('a refund that is removed', format('delete from xuqi.refund where refund_no = %L', :'refund'), '23514');

-- -- failed, and the money used meanwhile ------------------------------------------------------------------------------
select renewal_no as no, order_no as order_no, order_no || 'R001' as refund from submit('spender', 'nonce spender', organisation => '同一单位') \gset
select settle(attempt(:'no'), 'txn spender') as paid \gset
select cancel(:'no'), approve_refund('fay', :'refund'), begin_refund(:'refund') \g /dev/null
select same('it fails', gateway_says(:'refund', 'failed') || ' ' || credit(:'order_no'), 'failed 20000');
select renewal_no as next from submit('spender next', 'nonce spender next', organisation => '同一单位') \gset
select same('it is tried again', retry('fay', :'refund'), 'asked ' || :'order_no' || 'R002 asked');
select same('and used meanwhile for another order', (select outcome || ' ' || used_fen || ' ' || status from xuqi.credit_use(:'next')), 'used 20000 awaiting_review');
\set answers `race 6 "select story.approve_refund('gus', ':order_no' || 'R002')"`
select same('six approvals at once: nobody gives it twice', :'answers', 'refund_spent asked=6');
select same('the retry may be refused', refuse_refund('gus', :'order_no' || 'R002'), 'refused refused');
select same('and not tried again', retry('fay', :'refund'), 'refund_spent');
select books_right('the books are right when it was used');
select renewal_no as third, order_no as third_order from submit('spender third', 'nonce spender third', organisation => '同一单位') \gset
select settle(attempt(:'third'), 'txn third') as paid \gset
select cancel(:'third'), approve_refund('fay', :'third_order' || 'R001'), begin_refund(:'third_order' || 'R001'), gateway_says(:'third_order' || 'R001', 'failed'), retry('fay', :'third_order' || 'R001') \g /dev/null
select renewal_no as fourth from submit('spender fourth', 'nonce spender fourth', organisation => '同一单位') \gset
\set answers `race 8 "select case %i % 2 when 0 then story.approve_refund('gus', ':third_order' || 'R002') else (select outcome from xuqi.credit_use(':fourth')) end"`
select yes('used and given back at once: one of them has it, got ' || :'answers', :'answers' in ('already_paid=3 refund_spent asked=4 used=1', 'approved approved=4 credit_absent=4'));
select books_right('the books are right after it, whoever was first');

-- -- the desk's list ------------------------------------------------------------------------------------------------------
select same('is finance''s to see', (select string_agg(name || ' ' || outcome, ', ') from unnest('{ann,nobody}'::text[]) as name, xuqi.refund_list(token(name), 'all', '', 9) as l), 'ann forbidden, nobody unauthenticated');
select same('each tab has its states', (select string_agg(tab || ': ' || coalesce((select string_agg(distinct l.state, ' ' order by l.state) from xuqi.refund_list(token('fay'), tab, '', 99) as l where l.outcome = 'ok'), ''), ', ')
              from unnest('{asked,open,failed,ended}'::text[]) as tab),
            (select format('asked: %s, open: %s, failed: %s, ended: %s', string_agg(distinct state, ' ') filter (where state = 'asked'),
                           string_agg(distinct state, ' ' order by state) filter (where state not in ('asked', 'done', 'failed', 'refused')),
                           string_agg(distinct state, ' ') filter (where state = 'failed' and not exists (select from xuqi.refund as r where r.retry_of = f.refund_no)),
                           string_agg(distinct state, ' ' order by state) filter (where state in ('done', 'failed', 'refused'))) from xuqi.refund as f));
select same('oldest first, page by page', (select string_agg(l.refund_no, ' ') from (select refund_no from xuqi.refund order by asked_at, refund_no limit 1) as first, xuqi.refund_list(token('fay'), 'all', first.refund_no, 2) as l),
            (select string_agg(refund_no, ' ') from (select refund_no from xuqi.refund order by asked_at, refund_no offset 1 limit 2) as next));
select same('after the last one nothing', (select string_agg(l.outcome, ' ') from (select refund_no from xuqi.refund order by asked_at desc, refund_no desc limit 1) as last, xuqi.refund_list(token('fay'), 'all', last.refund_no, 2) as l), 'empty');
