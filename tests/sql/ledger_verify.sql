-- SPDX-License-Identifier: Apache-2.0
-- Whoever gets round every rule of the ledger is still found: a superuser breaks one invariant at a time, and the check
-- names that one and the place. Everything is put back after each.
set search_path = story;

create function story.post(event_type text, event_key text, legs bigint[], reverses bigint default null,
                           event_at timestamptz default now())
returns bigint language sql as $$
    select xuqi.ledger_post(event_type, event_key, story.digest(event_key), event_at, 'story',
        array(select legs[i][1] from generate_series(1, array_length(legs, 1)) as i),
        array(select legs[i][2] from generate_series(1, array_length(legs, 1)) as i),
        array(select legs[i][3] from generate_series(1, array_length(legs, 1)) as i), reverses)
$$;
-- What the check says after these statements, with the triggers and foreign keys off unless they begin with "guarded".
create function story.found(statements text) returns text language plpgsql as $$
declare
    answer text;
begin
    if statements not like 'guarded%' then
        set local session_replication_role = replica;
    end if;
    execute replace(statements, 'guarded', '');
    answer := coalesce((select string_agg(format('%s (%s)', invariant, detail), '; ' order by invariant, detail) from xuqi.ledger_check()), 'nothing');
    raise exception '%', answer using errcode = 'P0009';
exception when sqlstate 'P0009' then
    return sqlerrm;
end
$$;
create function story.finds(invariant text, place text, statements text) returns text language sql as $$
    select same('it is found when not: ' || invariant, found(statements), format('%s (%s)', invariant, place))
$$;

select xuqi.account_open('bank', 'icbc') as bank, xuqi.account_open('writeoff', '') as writeoff, xuqi.account_open('verify_expense', '') as expense,
       xuqi.account_open('refund_payable', 'idle') as idle, xuqi.account_open('gateway_fee', 'idle') as fee \gset
select max(post('fee', format('month %s', i), array[array[:expense, :bank, 100 + i]], null, date_trunc('month', xuqi.beijing(now())) - make_interval(months => 4 - i) + interval '3 days')) as last_posted
  from generate_series(1, 3) as i \gset
select min(id) as early from xuqi.posting \gset
select to_char(event_at, 'YYYY-MM') as m1, to_char(event_at + interval '1 month', 'YYYY-MM') as m2, to_char(event_at + interval '2 months', 'YYYY-MM') as m3
  from xuqi.posting where id = :early \gset
select outcome as c1 from xuqi.ledger_close((:'m1' || '-01')::date, 'story') \gset
select outcome as c2 from xuqi.ledger_close((:'m2' || '-01')::date, 'story') \gset
select outcome as c3 from xuqi.ledger_close((:'m3' || '-01')::date, 'story') \gset
select same('three months are closed', :'c1' || ' ' || :'c2' || ' ' || :'c3', 'closed closed closed');

select renewal_in('awaiting_payment', 'unpaid') as unpaid, renewal_in('completed', 'done') as done, renewal_in('awaiting_install', 'waiting') as waiting \gset
select renewal_no as automatic from submit('auto', 'auto', reviews => 0) \gset
select issuance_id as doubt from intend(:'waiting', 'doubt') \gset
select outcome from xuqi.issuance_abandon(fence(), :doubt, 'doubt') \gset
select post('fee', 'now', array[array[:expense, :bank, 7]]) as fee_posting \gset
select id as transfer from xuqi.transfer where posting_id = :fee_posting \gset
select order_no as unpaid_order, receivable_id as receivable, payer_credit_id as credit from xuqi."order" where renewal_no = :'unpaid' \gset
select order_no as done_order from xuqi."order" where renewal_no = :'done' \gset
select id as issue from xuqi.posting where event_type = 'issue' and event_key = :'done_order' \gset
select id as issuance from xuqi.issuance where renewal_no = :'done' \gset
select books_right();

-- Accounts.
select same('it is found when not: balance is the sum of its transfers',
            found(format('update xuqi.balance set debits = 2, credits = 2 where account_id = %s', :idle)),
            format('balance is the sum of its transfers (account %s: balance 2/2, transfers 0/0)', :idle));
select finds('a transfer is between accounts that exist', 'account 999999', format('update xuqi.transfer set credit_id = 999999 where id = %s', :transfer));
select finds('a guarded account has a balance', 'account ' || :idle, format('delete from xuqi.balance where account_id = %s', :idle));
select finds('a guarded account has a balance', 'account 999999', 'insert into xuqi.balance (account_id, normal_side) values (999999, ''debit'')');
-- A refund's money is on its way or it is not: the same fault is against that rule as well.
select same('it is found when not: a guarded account is not overdrawn',
            found(format('guarded alter table xuqi.balance drop constraint if exists no_overdraft; select story.post(''x'', ''x'', array[array[%s, %s::bigint, 5]])', :idle, :bank)),
            format('a guarded account is not overdrawn (account %s: 5/0); a refund payable is what is on its way (account %s)', :idle, :idle));
select finds('a balance is on the side of its account', 'account ' || :idle, format('update xuqi.balance set normal_side = ''debit'' where account_id = %s', :idle));
select finds('an account is as the chart says', format('account %s: gateway_fee idle', :fee), format('update xuqi.account set %s where id = %s', change, :fee))
  from unnest(array['normal_side = ''credit''']) as change;
select finds('an account is as the chart says', format('account %s: gateway_fee ', :fee), format('update xuqi.account set owner_key = '''' where id = %s', :fee));

-- Postings.
select finds('a posting has legs', 'posting 999999', $$insert into xuqi.posting (id, event_type, event_key, fingerprint, event_at, actor)
    overriding system value values (999999, 'e', 'e', story.digest('e'), now(), 'story')$$);
select finds('a transfer has a posting', 'posting ' || :fee_posting, format('delete from xuqi.posting where id = %s', :fee_posting));
select finds('legs of a posting have different numbers from 1 to 16', 'posting ' || :fee_posting,
             format('alter table xuqi.transfer drop constraint if exists transfer_leg_check; update xuqi.transfer set leg = %s where id = %s', leg, :transfer))
  from unnest(array[0, 17]) as leg;
select finds('legs of a posting have different numbers from 1 to 16', 'posting ' || :fee_posting,
             format('alter table xuqi.transfer drop constraint if exists transfer_posting_id_leg_key; insert into xuqi.transfer (posting_id, leg, debit_id, credit_id, amount)
                     select posting_id, leg, debit_id, credit_id, amount from xuqi.transfer where id = %s', :transfer));
select finds('a transfer is a positive amount between two accounts', format('transfer %s of posting %s', :transfer, :fee_posting),
             format('alter table xuqi.transfer drop constraint if exists transfer_amount_check; update xuqi.transfer set amount = %s where id = %s', amount, :transfer))
  from unnest(array[0, -7, 100000000001]) as amount;
select finds('a transfer is a positive amount between two accounts', format('transfer %s of posting %s', :transfer, :fee_posting),
             format('alter table xuqi.transfer drop constraint if exists transfer_check; update xuqi.transfer set credit_id = debit_id where id = %s', :transfer));
select finds('an event is posted once', 'fee now', format('alter table xuqi.posting drop constraint if exists posting_event_type_event_key_key;
    insert into xuqi.posting (id, event_type, event_key, fingerprint, event_at, actor) overriding system value
    select 999999, event_type, event_key, fingerprint, event_at, actor from xuqi.posting where id = %s;
    insert into xuqi.transfer (posting_id, leg, debit_id, credit_id, amount) select 999999, leg, debit_id, credit_id, amount from xuqi.transfer where id = %s',
    :fee_posting, :transfer));
select finds('a posting has a fingerprint', 'posting ' || :fee_posting,
             format('alter table xuqi.posting drop constraint if exists posting_fingerprint_check; update xuqi.posting set fingerprint = ''short'' where id = %s', :fee_posting));
select finds('a posting is reversed once', 'posting ' || :fee_posting, format('guarded drop index if exists xuqi.posting_reverses_key;
    select story.post(''undo'', ''a'', array[array[%1$s::bigint, %2$s, 7]], %3$s), story.post(''undo'', ''b'', array[array[%1$s::bigint, %2$s, 7]], %3$s)', :bank, :expense, :fee_posting));
select last_value + 1 as next from xuqi.posting_id_seq \gset
select finds('a reversal turns each leg of its posting round', format('posting %s reverses %s', :next, :fee_posting),
             format('guarded select story.post(''undo'', ''a'', array[array[%s::bigint, %s, 6]], %s)', :bank, :expense, :fee_posting));
select last_value + 1 as next from xuqi.posting_id_seq \gset
select finds('what staff reverses two people have decided', format('posting %s reverses %s', :next, :fee_posting),
             format('guarded select xuqi.ledger_reverse(%s, ''staff:ann'')', :fee_posting));
select last_value + 2 as next, last_value + 1 as held from xuqi.posting_id_seq \gset
select finds('what staff reverses no record stands on', format('posting %s reverses %s', :next, :held),
             format('guarded select story.post(''match'', ''held'', array[array[%s::bigint, %s, 7]]), xuqi.ledger_reverse(currval(''xuqi.posting_id_seq''), ''staff:ann'');
    set local session_replication_role = replica;
    insert into xuqi.reversal (posting_id, reason, state, asked_by, decided_by, decided_at, reversing_id) values (%s, ''held'', ''approved'', 1, 2, now(), %s)', :expense, :bank, :held, :next));

-- Closed months.
select same('it is found when not: a closed month has the balances of its transfers',
            found(format('update xuqi.transfer set debit_id = %s where posting_id = %s', :writeoff, :last_posted)),
            format('a closed month has the balances of its transfers (%1$s account %2$s: closed /, transfers 103/0); '
                   'a closed month has the balances of its transfers (%1$s account %3$s: closed 306/0, transfers 203/0)', :'m3', :writeoff, :expense));
select finds('a closed month has as many postings as were counted', :'m2', format('update xuqi.period set postings = 2 where month = %L', :'m2' || '-01'));
select finds('a closed month has its hash', :'m3', format('update xuqi.period set sha256 = story.digest(''other'') where month = %L', :'m3' || '-01'));
select finds('a closed month has its hash', :'m3', format('update xuqi.period set accounts = 0 where month = %L', :'m3' || '-01'));
select finds('closed months follow each other', :'m2', format('delete from xuqi.period_balance where month = %1$L; delete from xuqi.period where month = %1$L', :'m1' || '-01'));
select same('it is found when a month in the middle is taken away',
            found(format('delete from xuqi.period_balance where month = %1$L; delete from xuqi.period where month = %1$L', :'m2' || '-01')),
            format('closed months follow each other (%s)', :'m3'));
select yes('it is found when a posting is put into a closed month',
           found(format('update xuqi.posting set event_at = %L where id = %s', :'m3' || '-05', :fee_posting)) like '%closed month%' || :'m3' || '%');
select finds('a late event is in a month after its own', 'posting ' || :fee_posting,
             format('update xuqi.posting set occurred_at = event_at - interval ''1 microsecond'' where id = %s', :fee_posting));

-- Renewals, orders and certificates.
select finds('an order is the sum of its lines', 'order ' || :'unpaid_order', format('update xuqi.order_line set unit_fen = unit_fen + 1 where order_no = %L and line = 1', :'unpaid_order'));
select finds('an order owes what its state says', 'order ' || :'unpaid_order',
             format('guarded select story.post(''x'', ''x'', array[array[%s, %s::bigint, 1]])', :receivable, :writeoff));
select finds('an order owes what its state says', 'order ' || :'unpaid_order',
             format('guarded select story.post(''x'', ''x'', array[array[%s::bigint, %s, 1]])', :writeoff, :receivable));
select finds('a renewal past payment has a paid order', 'renewal ' || :'unpaid', format('update xuqi.renewal set paid_at = now() where renewal_no = %L', :'unpaid'));
select finds('payer credit is what is to be refunded', 'account ' || :credit,
             format('guarded select story.post(''x'', ''x'', array[array[%s::bigint, %s, 1]])', :bank, :credit));
select finds('a certificate was paid for', 'issuance 999999', format('insert into xuqi.issuance overriding system value
    select (jsonb_populate_record(i, %L)).* from xuqi.issuance as i where id = %s',
    jsonb_build_object('id', 999999, 'renewal_no', :'automatic', 'serial', serial('other'), 'csr_spki_sha256', digest('other'), 'state', 'intended',
                       'ended_at', null, 'certificate_fingerprint', null), :issuance));
select finds('a certificate was approved by enough people', 'issuance ' || :issuance,
             format('update xuqi.approval set voided_at = now() where renewal_no = %L', :'done'));
select finds('a certificate was approved by enough people', 'issuance ' || :issuance,
             format('update xuqi.approval set content_hash = story.digest(''other'') where renewal_no = %L', :'done'));
select finds('signed, issued and booked as revenue are the same renewals', 'renewal ' || :'done',
             format('update xuqi.posting set event_key = ''other'' where id = %s', :issue));
select finds('signed, issued and booked as revenue are the same renewals', 'renewal ' || :'done',
             format('update xuqi.certificate set renewal_no = null where renewal_no = %L', :'done'));
select finds('an abandoned serial is listed', 'issuance ' || :doubt, format('delete from xuqi.abandoned_serial where issuance_id = %s', :doubt));
select finds('revenue and output tax are the price split by its rate', 'order ' || :'done_order',
             format('update xuqi.transfer set amount = amount + case leg when 1 then 1 else -1 end where posting_id = %s', :issue));

-- Bank statements.
select finds('a statement''s credits are booked', 'import 901, 2026-01-01',
             format('guarded select story.post(''statement'', ''icbc:901:2026-01-01'', array[array[%s, %s::bigint, 1]])', :bank, :writeoff));
select finds('a credit taken back has left the books', 'statement line 901',
             format('guarded select story.post(''statement_reversal'', ''901'', array[array[%s, %s::bigint, 1]])', :writeoff, :bank));
select finds('a line and its reversal know each other', 'statement line 901', $$insert into xuqi.statement_line
    (id, collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, reversed_by, fingerprint) overriding system value
    values (901, 901, 901, 'one', '2026-01-01', 'debit', 1, 902, story.digest('one'))$$);

select finds('a statement line is used for what is written', 'line 901', $$insert into xuqi.statement_line
    (id, collecting_account_id, import_id, line_key, booked_on, direction, amount_fen, taken_fen, fingerprint) overriding system value
    values (901, 901, 901, 'one', '2026-01-01', 'debit', 1, 1, story.digest('one'))$$);

-- What is put aside, paid out and verified.
select finds('what is put aside for orders is there', 'account ' || :credit, format('update xuqi."order" set funded_fen = 1 where order_no = %L', :'unpaid_order'));
select finds('a payout''s clearing is what its state says', 'payout P1', format('insert into xuqi.payout (client_id, purpose, renewal_no, number, amount_fen, state, bank, from_account, payee_index, sent_at)
    values (''P1'', ''verification'', %L, 1, 1, ''sent'', ''bank'', ''ours'', story.digest(''payee''), now())', :'unpaid'));
select finds('who waits for a certificate has a verified account', 'renewal ' || :'done', format('update xuqi.renewal set account_verification = ''always'' where renewal_no = %L', :'done'));

-- One part at a time, the first places of each.
select same('a part is checked alone', (select string_agg(distinct part, ' ' order by part) from unnest(array['accounts', 'postings', 'periods', 'business']) as part,
            lateral xuqi.ledger_verify(part, 10)), null);
begin;
set local session_replication_role = replica;
update xuqi.order_line set unit_fen = unit_fen + 1;
update xuqi.period set postings = 9;
select same('of each broken invariant as many places as are asked for, and how many there are',
            (select string_agg(part || ' ' || invariant || ' ' || found, '; ' order by part, invariant) from unnest(array['accounts', 'postings', 'periods', 'business']) as part,
             lateral xuqi.ledger_verify(part, 1)),
            'business an order is the sum of its lines 4; periods a closed month has as many postings as were counted 3');
rollback;
select renewal_in('rejected', 'rejected') as rejected \gset
select finds('a surplus or a rejection is refunded when its refund is', 'refund ' || refund_no, format('update xuqi.refund_due set state = ''refunded'' where renewal_no = %L', :'rejected'))
  from xuqi.refund where renewal_no = :'rejected';
select books_right();
