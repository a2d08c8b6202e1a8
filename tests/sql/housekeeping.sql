-- SPDX-License-Identifier: Apache-2.0
-- Housekeeping removes what has served its time and nothing else.
set search_path = story;

select nonce('young') as young, nonce('old') as old \gset
update xuqi.challenge set created_at = now() - interval '25 hours' where nonce_digest = digest('old');
select hire('ann') as ann, hire('bob') as bob, login('ann', 2, false, digest('other')) as failed \gset
update xuqi.staff_session set expires_at = now() - interval '25 hours' where token_digest = token('ann');
update xuqi.login_failure set at = now() - interval '25 hours' where kind = 'name';
select renewal_in('awaiting_payment', 'overdue') as overdue, renewal_in('awaiting_payment', 'pending') as pending,
       renewal_in('awaiting_payment', 'fresh') as fresh, renewal_in('awaiting_review', 'paid') as paid \gset
select attempt(:'pending') as attempt \gset
update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where renewal_no in (:'overdue', :'pending');
select count(xuqi.outbox_finish(id, lease_token, '')) as finished from xuqi.outbox_lease('message', 100, 30) \gset
update xuqi.outbox_done set done_at = now() - interval '31 days' where renewal_no = :'overdue';

select challenges as challenges, sessions as sessions, login_failures as failures, outbox_done as done, closed as closed
  from xuqi.housekeeping(90000) \gset
select same('one challenge, one session, one failure, one outbox row, one renewal',
            concat_ws(' ', :'challenges', :'sessions', :'failures', :'done', :'closed'), '1 1 1 1 1');
select same('what is left', concat_ws(' ', (select count(*) from xuqi.challenge where nonce_digest = digest('young')),
            (select count(*) from xuqi.staff_session), (select count(*) from xuqi.login_failure)), '1 1 1');
select same('the overdue one is closed', status(:'overdue'), 'closed');
select same('its order is cancelled and owes nothing', (select o.state || ' ' || (b.debits - b.credits) from xuqi."order" o
            join xuqi.balance b on b.account_id = o.receivable_id where renewal_no = :'overdue'), 'cancelled 0');
select same('its posting reverses the invoice', (select i.event_type from xuqi.posting c join xuqi.posting i on i.id = c.reverses
            where c.event_type = 'cancel'), 'invoice');
select same('the applicant is told', (select event from xuqi.outbox where renewal_no = :'overdue'), 'closed');
select same('one that may still be paid is not', status(:'pending'), 'awaiting_payment');
select same('nor a fresh or a paid one', status(:'fresh') || ' ' || status(:'paid'), 'awaiting_payment awaiting_review');
select same('a paid one has no date to be closed at', (select unpaid_close_at::text from xuqi.renewal where renewal_no = :'paid'), null);
select same('again there is nothing to do', (select concat_ws(' ', challenges, sessions, login_failures, outbox_done, closed)
            from xuqi.housekeeping(90000)), '0 0 0 0 0');
select count(renewal_in('awaiting_payment', 'many ' || n)) as made from generate_series(1, 20) as n \gset
update xuqi.renewal set unpaid_close_at = now() - interval '1 s' where unpaid_close_at > now() and renewal_no <> :'fresh';
\set answers `race 6 "select sign(closed) >= 0 from xuqi.housekeeping(90000)"`
select same('several at once close each renewal once', :'answers' || ' ' || (select count(*) from xuqi.renewal where status = 'closed'), 't=6 21');
select books_right();
