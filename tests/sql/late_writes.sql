-- SPDX-License-Identifier: Apache-2.0
-- Whoever comes too late at a desk is told who was faster, when and with what: each refusal here is the procedure's own, and what
-- staff_refuse makes of it is what the answer says. tests/flow/late_writes.mjs knows that none is left out.
set search_path = story;
\ir support/statement.sql

select hire('ann'), hire('bob'), hire('sam', '{senior_reviewer}'), hire('sue', '{senior_reviewer}'), hire('fay', '{finance}'), hire('gus', '{finance}') \g /dev/null
select hire(n, '{administrator}') from unnest(array['ada', 'bea', 'cas']) as n \g /dev/null
-- A late write of somebody: what refused it, who and what it is told; "?" where the time is not that of the act.
create function story.told(name text, code text, route text, object text) returns text language sql as $$
    select outcome || ': ' || coalesce(changed_by, case when changed is null then 'nobody' else 'the server' end) || coalesce(' ' || changed, '')
           || case when changed_at > now() - interval '1 hour' then '' else ' ?' end
      from xuqi.staff_refuse(token(name), code, route, 'request', object)
$$;

-- -- review --------------------------------------------------------------------------------------------------------------
select renewal_in('awaiting_review', 'case') as no \gset
select claim('ann', :'no') as claimed \gset
select same('a case that another one decided', approve('ann', :'no') || ', ' || told('bob', claim('bob', :'no'), 'POST /api/v1/review/cases/{no}/claim', :'no'), 'approved, renewal_state: ANN approve');
select renewal_in('awaiting_review', 'reassigned') as no \gset
select claim('ann', :'no') || (select outcome from xuqi.review_reassign(token('sam'), :'no', 'bob', 600)) as away \gset
select same('a case that was given away', told('ann', 'case_not_claimed', 'POST /api/v1/review/cases/{no}/approval', :'no'), 'case_not_claimed: SAM reassign');
select xuqi.review_rules_publish(array['sz-consumables'], array['r'], array[3::bigint], array[0::bigint], array[1::bigint],
                                 array[0::bigint], array[0::bigint], array[10000::bigint], array[9::bigint], array[9000::bigint]) as published, submit_as('sampled', 'r', 0) as no \gset
select outcome as looked from xuqi.review_sample_look(token('ann'), :'no', 'wrong', '照片不符') \gset
select same('a sample that another one looked at', told('bob', (select outcome from xuqi.review_sample_look(token('bob'), :'no', 'right', '')), 'POST /api/v1/review/cases/{no}/sample', :'no'), 'sample_looked: ANN sample');
select (select outcome from xuqi.mistake_assign(token('sam'), :'no', 'bob')) || (select outcome from xuqi.mistake_assign(token('sam'), :'no', 'ann')) as given \gset
select same('a mistake that changed', told('sue', (select outcome from xuqi.mistake_assign(token('sue'), :'no', 'bob', 1)), 'POST /api/v1/review/mistakes/{no}/assignment', :'no'), 'mistake_changed: SAM assignment');
select outcome as closed from xuqi.mistake_close(token('sam'), :'no', '已核对') \gset
select same('a mistake that is closed', told('sue', (select outcome from xuqi.mistake_close(token('sue'), :'no', '另一处理')), 'POST /api/v1/review/mistakes/{no}/closing', :'no'), 'mistake_closed: SAM closing');
insert into xuqi.review_pass_stop (platform, wrong, looked) values ('sz-consumables', 2, 3) returning id as stop \gset
select outcome as resumed from xuqi.pass_resume(token('sam'), 'sz-consumables', :stop, '整改完成') \gset
select same('passing that was resumed', told('sue', (select outcome from xuqi.pass_resume(token('sue'), 'sz-consumables', :stop, '也已整改')), 'POST /api/v1/review/passes/{platform}/resumption', 'sz-consumables'),
            'pass_running: SAM resumption');

-- -- finance: lines and matches ------------------------------------------------------------------------------------------
create function story.ask(who text, key text, kind text, line bigint default 0, no text default '', match bigint default 0, fen bigint default 0, two text[] default '{}') returns text
language sql as $$ select outcome from xuqi.finance_ask(token(who), 'key-' || key, kind, line, no, match, fen, '电话核实', two) $$;
create function story.decide(who text, key text, approve boolean default true) returns text
language sql as $$ select outcome from xuqi.finance_decide(token(who), (select id from xuqi.finance_request where request_key = 'key-' || key), approve) $$;
create function story.request(key text) returns text language sql as $$ select id::text from xuqi.finance_request where request_key = 'key-' || key $$;
select renewal_no as no, order_no as order_no from submit('a', 'a', organisation => '广州市甲方有限公司') \gset
select line(5000, '6222000000000001', '甲方有限公司') as line, line(700, '6222000000000002', '不明') as other \gset
select ask('fay', 'match-one', 'match', :line, :'order_no', 0, 5000) as matched \gset
select same('a line that somebody matched', told('gus', ask('gus', 'match-two', 'match', :line, :'order_no', 0, 5000), 'POST /api/v1/finance/requests', :'line'), 'line_taken: FAY match');
select same('a line that somebody suspended', ask('fay', 'suspend-1', 'suspend', :other, '', 0, 700) || ', ' || told('gus', ask('gus', 'suspend-2', 'suspend', :other, '', 0, 700), 'POST /api/v1/finance/requests', :'other'),
            'done, line_taken: FAY suspend');
select max(id) as match from xuqi.transfer_match \gset
select ask('gus', 'undo-two', 'unmatch', 0, '', :match, 0, '{sz-consumables}') || ask('fay', 'undo-one', 'unmatch', 0, '', :match) as undone \gset
select same('a match that somebody undid', told('gus', ask('gus', 'undo-three', 'unmatch', 0, '', :match), 'POST /api/v1/finance/requests', :'match'), 'match_undone: FAY unmatch');
select same('also where a request about it is decided', told('fay', decide('fay', 'undo-two'), 'POST /api/v1/finance/requests/{id}/approval', request('undo-two')), 'match_undone: FAY unmatch');
select decide('fay', 'undo-two', false) as refused \gset
select same('a request that somebody decided', told('gus', decide('gus', 'undo-two'), 'POST /api/v1/finance/requests/{id}/approval', request('undo-two')), 'request_decided: FAY refused');
insert into xuqi.statement_change (collecting_account_id, import_id, reason, line_id, content, fingerprint)
select l.collecting_account_id, l.import_id, c.reason, case c.reason when 'unexpected' then null else l.id end, c.content, digest(c.reason)
  from xuqi.statement_line as l, (values ('missing', null), ('unexpected', jsonb_build_object('line_key', (select line_key from xuqi.statement_line where id = :line)))) as c (reason, content)
 where l.id = :line;
create function story.raised(reason text) returns bigint language sql as $$ select id from xuqi.statement_change as c where c.reason = raised.reason $$;
create function story.settle_change(who text, key text, kind text, change bigint, two text[] default '{}') returns text
language sql as $$ select outcome from xuqi.finance_change_ask(token(who), 'key-' || key, kind, change, '银行已说明', two) $$;
select settle_change('gus', 'change-two', 'dismiss', raised('missing'), '{7443900182600096874}') || settle_change('fay', 'change-one', 'dismiss', raised('missing')) as settled \gset
select same('a raised line that somebody settled', told('gus', settle_change('gus', 'change-three', 'dismiss', raised('missing')), 'POST /api/v1/finance/changes/{id}/settlement', raised('missing')::text),
            'change_settled: FAY dismissed');
select same('also where a request about it is decided', told('fay', decide('fay', 'change-two'), 'POST /api/v1/finance/requests/{id}/approval', request('change-two')), 'change_settled: FAY dismissed');
select same('a held-back line that came in another way', told('gus', settle_change('gus', 'change-four', 'accept', raised('unexpected')), 'POST /api/v1/finance/changes/{id}/settlement', raised('unexpected')::text),
            'change_overtaken: the server import');

-- -- finance: differences, arrivals, reversals ---------------------------------------------------------------------------
insert into xuqi.bill_day (rail, day) values ('alipay', '2026-01-01');
insert into xuqi.match_difference (rail, day, class, kind, gateway_id, action, state) values ('alipay', '2026-01-01', 'long', 'payment', 'one', 'person', 'open') returning id as difference \gset
select outcome as assigned from xuqi.difference_assign(token('fay'), :difference, 'fay', 1) \gset
select same('a difference that changed', told('gus', (select outcome from xuqi.difference_assign(token('gus'), :difference, 'gus', 1)), 'POST /api/v1/finance/differences/{id}/assignment', :'difference'),
            'difference_changed: FAY assignment');
select outcome as resolved from xuqi.difference_resolve(token('fay'), :difference, '已与渠道核对', false, 2) \gset
select same('a difference that is resolved', told('gus', (select outcome from xuqi.difference_resolve(token('gus'), :difference, '另有原因', false, 3)), 'POST /api/v1/finance/differences/{id}/resolution', :'difference'),
            'difference_closed: FAY resolution');
create function story.arrived(who text, fen bigint) returns text language sql as $$
    select outcome from xuqi.settlement_book(token(who), 'alipay', '2026-01-01', fen, 'arrival:1', '2026-01-02', '7443900182600096874')
$$;
select line(900, '2088', '支付宝', 'arrival:1') as arrival \gset
select same('what arrived under a number that stands for something else', arrived('fay', 900) || ', ' || told('gus', arrived('gus', 901), 'POST /api/v1/finance/reconciliation/{day}/{rail}/payouts', 'alipay:arrival:1'),
            'booked, settlement_differs: FAY settlement.book');
select xuqi.account_open('writeoff', '') as writeoff, xuqi.account_open('gateway_clearing', 'alipay') as clearing \gset
select xuqi.ledger_post('adjust', 'key:' || n, digest(n), now(), 'story', array[:writeoff::bigint], array[:clearing::bigint], array[30::bigint]) as posted from unnest(array['one', 'two']) as n \g /dev/null
create function story.reverse(who text, key text) returns text language sql as $$ select outcome from xuqi.reversal_ask(token(who), 'adjust', key, '重复入账') $$;
select reverse('fay', 'key:one') as asked \gset
select max(id) as reversal from xuqi.reversal \gset
select xuqi.reversal_decide(token('gus'), :reversal, true) as approved \gset
select same('a reversal that somebody decided', told('fay', xuqi.reversal_decide(token('fay'), :reversal, false), 'POST /api/v1/finance/reversals/{id}/refusal', :'reversal'), 'reversal_decided: GUS approved');
select same('a posting that is reversed', told('fay', reverse('fay', 'key:one'), 'POST /api/v1/finance/reversals', 'adjust:key:one'), 'posting_reversed: GUS reverse');

-- -- finance: refunds, invoices, what nobody explains --------------------------------------------------------------------
create function story.refund(who text, order_no text, fen bigint, key text) returns text language sql as $$ select outcome from xuqi.refund_ask(token(who), order_no, fen, 'complaint', key) $$;
select renewal_in('completed', 'refunded') as no \gset
select order_no as order_no, order_no || 'R001' as refund from xuqi.renewal where renewal_no = :'no' \gset
select outcome from xuqi.certificate_revoke((select serial from xuqi.certificate where renewal_no = :'no'), 'cessation') \gset
select outcome as noted from xuqi.order_invoice(token('fay'), :'order_no', 'issued', '24440001') \gset
select same('an invoice that somebody noted', told('gus', refund('gus', :'order_no', 100, 'r-1'), 'POST /api/v1/finance/orders/{no}/refunds', :'order_no'), 'invoice_issued: FAY invoice.issued');
select outcome as corrected from xuqi.order_invoice(token('gus'), :'order_no', 'issued', '24440002', '24440001', 'typed wrong') \gset
select same('one that somebody corrected', told('fay', refund('fay', :'order_no', 100, 'r-1'), 'POST /api/v1/finance/orders/{no}/refunds', :'order_no'), 'invoice_issued: GUS invoice.corrected');
select outcome as reversed from xuqi.order_invoice(token('fay'), :'order_no', 'reversed', '24440003') \gset
select refund('fay', :'order_no', 20000, 'r-2') as asked \gset
select same('an order that somebody asked back', told('gus', refund('gus', :'order_no', 1, 'r-3'), 'POST /api/v1/finance/orders/{no}/refunds', :'order_no'), 'refund_exceeds: FAY refund');
select outcome as approved from xuqi.refund_approve(token('gus'), :'refund') \gset
select same('a refund that somebody approved', told('fay', (select outcome from xuqi.refund_refuse(token('fay'), :'refund', 'no')), 'POST /api/v1/finance/refunds/{refund}/refusal', :'refund'), 'refund_state: GUS approved');
select same('a payout by hand under another number', told('fay', 'refund_differs', 'POST /api/v1/finance/refunds/{refund}/payout', :'refund') || ', ' || told('fay', 'refund_differs', 'POST /api/v1/finance/orders/{no}/refunds', :'order_no'),
            'refund_differs: GUS approved, refund_differs: nobody ?');
select renewal_in('awaiting_payment', 'lost') as no \gset
select attempt(:'no') as attempt, order_no as order_no from xuqi.renewal where renewal_no = :'no' \gset
update xuqi.payment_attempt set state = 'unknown' where attempt_no = :'attempt';
insert into xuqi.outbox (topic, dedup_key, event, renewal_no, state) values ('payment_query', 'x', :'attempt', :'no', 'dead');
create function story.resolve(who text, number text, txn text) returns text language sql as $$
    select outcome from xuqi.unknown_resolve(token(who), 'payment', number, txn <> '', txn, 'statement 1121')
$$;
select hire('hal', '{finance}') as hal, resolve('fay', :'attempt', 'X1') as said \gset
select same('an outcome of which another one said something else', told('gus', resolve('gus', :'attempt', 'X2'), 'POST /api/v1/finance/unknown/{number}/resolution', :'attempt'), 'resolution_differs: FAY proposal');
select same('an outcome that two resolved', resolve('gus', :'attempt', 'X1') || ', ' || told('hal', resolve('hal', :'attempt', 'X1'), 'POST /api/v1/finance/unknown/{number}/resolution', :'attempt'),
            'resolved, not_unknown: GUS resolution');

-- -- administration ------------------------------------------------------------------------------------------------------
create function story.admin(who text, kind text, subject text, roles text[], key text, version bigint default 0) returns text language sql as $$
    select outcome from xuqi.admin_ask(token(who), 'key-' || key, kind, subject, version, 'Name', roles, '{*}', 'because', 3600)
$$;
create function story.decide_admin(who text, key text, approve boolean default true) returns text language sql as $$
    select outcome from xuqi.admin_decide(token(who), (select id from xuqi.admin_request where request_key = 'key-' || key), approve, digest('enrol ' || key), 3600)
$$;
create function story.admin_request(key text) returns text language sql as $$ select id::text from xuqi.admin_request where request_key = 'key-' || key $$;
select (select version from xuqi.staff where name = 'bob') as version \gset
select admin('ada', 'staff_change', 'bob', '{senior_reviewer}', 'bob-1', :version) || admin('ada', 'staff_change', 'bob', '{auditor}', 'bob-2', :version) || decide_admin('bea', 'bob-1') as changed \gset
select same('an account that two changed', told('cas', admin('cas', 'staff_change', 'bob', '{auditor}', 'bob-3', :version), 'POST /api/v1/admin/requests', 'bob'), 'staff_changed: BEA staff_change');
select same('also where a request about it is decided', told('cas', decide_admin('cas', 'bob-2'), 'POST /api/v1/admin/requests/{id}/approval', admin_request('bob-2')), 'staff_changed: BEA staff_change');
select same('what it is already, by two', told('cas', admin('cas', 'staff_change', 'bob', '{senior_reviewer}', 'bob-4', (select version from xuqi.staff where name = 'bob')), 'POST /api/v1/admin/requests', 'bob'),
            'nothing_changes: BEA staff_change');
select decide_admin('bea', 'bob-2', false) as refused \gset
select same('a request of the administration that somebody decided', told('cas', decide_admin('cas', 'bob-2'), 'POST /api/v1/admin/requests/{id}/approval', admin_request('bob-2')), 'request_decided: BEA refused');
select same('a name that was given meanwhile', admin('ada', 'staff_add', 'dot', '{reviewer}', 'dot-1') || decide_admin('bea', 'dot-1') || ', ' ||
            told('cas', admin('cas', 'staff_add', 'dot', '{reviewer}', 'dot-2'), 'POST /api/v1/admin/requests', 'dot'), 'askeddone, staff_known: BEA staff_add');
select same('a halt that two made', admin('ada', 'halt', 'issuer', '{}', 'halt-1') || decide_admin('bea', 'halt-1') || ', ' ||
            told('cas', admin('cas', 'halt', 'issuer', '{}', 'halt-2'), 'POST /api/v1/admin/requests', 'issuer'), 'askeddone, nothing_changes: BEA issuance.halt');
create function story.price(who text, key text, version bigint, fen bigint) returns text language sql as $$
    select outcome from xuqi.price_ask(token(who), 'key-' || key, 'sz-consumables', version, (now() + interval '60 days')::date::text, '{12}', '{fee}', array[fen], '{1}', 'because', 3600)
$$;
select max(number) as version from xuqi.fee_version where platform = 'sz-consumables' \gset
select price('fay', 'price-1', :version, 100) || decide_admin('bea', 'price-1') as priced \gset
select same('prices that two changed', told('gus', price('gus', 'price-2', :version, 200), 'POST /api/v1/admin/prices/{platform}', 'sz-consumables'), 'version_conflict: BEA price');
select same('the same prices, by two', told('gus', price('gus', 'price-3', :version + 1, 100), 'POST /api/v1/admin/prices/{platform}', 'sz-consumables'), 'nothing_changes: BEA price');
select outcome as loaded from load('gpo', '{"2019-01-01": {"12": [["fee", 7, 1]]}}') \gset
select same('prices that the console loaded', told('gus', (select outcome from xuqi.price_ask(token('gus'), 'key-price-4', 'gpo', 0, (now() + interval '60 days')::date::text, '{12}', '{fee}', '{100}', '{1}', 'because', 3600)),
    'POST /api/v1/admin/prices/{platform}', 'gpo'), 'version_conflict: the server platform.load');

-- -- who was not overtaken ------------------------------------------------------------------------------------------------
select same('whose own fault it was is told of nobody', told('gus', 'decider_same', 'POST /api/v1/finance/requests/{id}/approval', '1') || ', ' || told('gus', 'line_taken', 'POST /api/v1/finance/requests', '999999'),
            'decider_same: nobody ?, line_taken: nobody ?');
