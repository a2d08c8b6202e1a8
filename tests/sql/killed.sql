-- SPDX-License-Identifier: Apache-2.0
-- A server process killed in the middle of a booking leaves nothing behind, and the notice can come again.
set search_path = story;

select renewal_in('awaiting_payment', 'killed') as no \gset
select attempt(:'no') as attempt \gset
\set answer `kill_backend "select story.settle((select attempt_no from xuqi.payment_attempt), 'k1')"`
\connect
set search_path = story;
select same('the process was killed', :'answer', 'killed');
select same('no posting', (select count(*) from xuqi.posting where event_type = 'gateway')::text, '0');
select same('no notice', (select count(*) from xuqi.payment_notice)::text, '0');
select same('no move', status(:'no'), 'awaiting_payment');
select books_right('the books are right after the kill');
select same('the notice comes again', settle(:'attempt', 'k1'), 'settled');
select books_right();
