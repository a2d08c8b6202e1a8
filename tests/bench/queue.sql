-- SPDX-License-Identifier: Apache-2.0
-- So many cases stored, nearly all of them over; the desk's own lists are as long as a busy day makes them, however many cases there
-- are. Copies of one renewal that awaits its review. Variables: cases, waiting (those at the desk).
set search_path = story;
set synchronous_commit = off;
select renewal_in('awaiting_review', 'original') as original \gset
select count(hire('reviewer-' || n)) as hired from generate_series(1, 48) as n \gset
create temporary table reviewer as select id, row_number() over (order by id) as n from xuqi.staff;

create temporary table definition as
select indexdef, indexname from pg_indexes as i
 where schemaname = 'xuqi' and tablename in ('renewal', 'renewal_content', 'order', 'review_step', 'review_look')
   and not exists (select from pg_constraint where conindid = format('xuqi.%I', indexname)::regclass);
select format('drop index xuqi.%I', indexname) from definition \gexec

set session_replication_role = replica;
create temporary view copy as
select n, '0120' || lpad((n / 5000)::text, 6, '0') || lpad(n::text, 8, '0') as no, '2020010100000001' || lpad(n::text, 10, '0') as order_no,
       timestamptz '2020-01-01 09:00+08' + n * interval '17 s' as at,
       case when n > :cases - :waiting then 'awaiting_review' when n > :cases - :waiting - :waiting / 10 then 'returned'
            else 'completed' end::xuqi.renewal_state as status
  from generate_series(1, :cases) as n;
-- A copy of the original's row for each, column by column: what differs as an expression, all else as it is there. Through records in JSON
-- it takes three times as long.
create function story.copy_rows(place text, differs jsonb, original text) returns void language plpgsql as $$
begin
    execute (select format('insert into xuqi.%1$I select %2$s from copy join xuqi.%1$I as o on o.renewal_no = %3$L', place,
                           string_agg(coalesce(differs ->> c.column_name, format('o.%I', c.column_name)), ', ' order by c.ordinal_position), original)
               from information_schema.columns as c where c.table_schema = 'xuqi' and c.table_name = place);
end
$$;
select copy_rows('renewal', $${
    "renewal_no": "no", "order_no": "copy.order_no", "status": "copy.status", "certificate_fingerprint": "sha256(int8send(n))",
    "certificate_serial": "'a' || to_hex(n)", "organisation": "'organisation ' || n", "subject": "'CN=' || n",
    "platform": "(array['sz-consumables', 'gd-drug', 'gpo', 'pingan'])[1 + n % 4]", "submitted_at": "at", "paid_at": "at",
    "review_since": "at", "review_due": "at + interval '3 days'", "review_order": "at + interval '3 days'",
    "returns": "(copy.status = 'returned')::int", "issued_at": "case when copy.status = 'completed' then at end",
    "completed_at": "case when copy.status = 'completed' then at end",
    "reviews_required": "case when n % 10 = 0 then 2 else 1 end",
    "reviews_done": "case when copy.status = 'awaiting_review' and n % 10 = 0 then 1 when copy.status = 'completed' then 1 else 0 end",
    "claimed_by": "case when copy.status = 'awaiting_review' and n % 20 = 1 then (select id from reviewer where reviewer.n = 1 + copy.n % 50) end",
    "claimed_at": "case when copy.status = 'awaiting_review' and n % 20 = 1 then now() end",
    "claimed_until": "case when copy.status = 'awaiting_review' and n % 20 = 1 then now() + interval '1 day' end",
    "held_by": "case when copy.status = 'awaiting_review' and n % 50 = 3 then 1 end",
    "held_until": "case when copy.status = 'awaiting_review' and n % 50 = 3 then now() + interval '1 day' end",
    "held_reason": "case when copy.status = 'awaiting_review' and n % 50 = 3 then 'calls back' end"}$$, :'original') \g /dev/null
select copy_rows('order', '{"order_no": "copy.order_no", "renewal_no": "no"}', :'original') \g /dev/null
select copy_rows('renewal_content', $${"renewal_no": "no", "agent_mobile_index": "digest('mobile ' || n)",
    "agent_mobile_masked": "'138****' || lpad((n % 10000)::text, 4, '0')"}$$, :'original') \g /dev/null
insert into xuqi.review_tail (renewal_no, number, serial, mobile)
select r.renewal_no, right(r.renewal_no, 4), case when length(r.certificate_serial) >= 4 then right(r.certificate_serial, 4) end, right(c.agent_mobile_masked, 4)
  from xuqi.renewal as r join xuqi.renewal_content as c on c.renewal_no = r.renewal_no
 where r.status in ('awaiting_review', 'returned') and r.renewal_no <> :'original';
-- The first of the reviewers decided half of the first tenth and nothing since: the statistics know how often, not when.
insert into xuqi.review_step (renewal_no, staff_id, kind, at, version, waited_from, claimed_at, due_at)
select no, reviewer.id, 'approve', at + interval '1 hour', 5, at, at + interval '50 min', at + interval '3 days'
  from copy join reviewer on reviewer.n = case when copy.n % 2 = 0 then 1 else 2 + copy.n % 49 end
 where status = 'completed' and copy.n <= :cases / 10;
insert into xuqi.review_step (renewal_no, staff_id, kind, at, version, waited_from, claimed_at, due_at)
select no, reviewer.id, 'approve', at + interval '1 hour', 5, at, at + interval '50 min', at + interval '3 days'
  from copy join reviewer on reviewer.n = 2 + copy.n % 49
 where status = 'completed' and copy.n > :cases / 10;
insert into xuqi.review_look (renewal_no, round, names, sources, details, unsaid, order_at)
select no, 0, '{window,payment,organisation}', '{server,server,server}', '{"","",""}', '{}', now() from copy where status <> 'completed';
set session_replication_role = origin;
select indexdef from definition \gexec
analyze;
