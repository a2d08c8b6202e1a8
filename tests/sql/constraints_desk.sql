-- SPDX-License-Identifier: Apache-2.0
-- As constraints.sql, of the review desk: the calendar, rules, checks, steps, samples, holds and second claims.
set search_path = story;
\ir support/refusals.sql

select renewal_in('awaiting_review', 'one') as no \gset
set session_replication_role = replica;
insert into xuqi.calendar_year (year, source, sha256) values (2026, 'notice', repeat('0', 64));
insert into xuqi.calendar_day (day, year, working, name) values ('2026-10-01', 2026, false, '国庆节');
insert into xuqi.review_rule (platform, version, promised_days, parallel, risk_reviews, risk_fen, approval_days, sample_permyriad)
    values ('p', '1', 3, false, 2, 0, 0, 0);
insert into xuqi.review_step (id, renewal_no, staff_id, kind, version, request_key, waited_from) overriding system value
    select 99, :'no', id, 'approve', 1, 'request-1', now() from xuqi.staff limit 1;
insert into xuqi.review_sample (renewal_no) values (:'no');
update xuqi.staff set person_sealed = 's', person_id_index = 'i', person_mobile_index = 'm' where name = 'ann';
set session_replication_role = origin;

select breaks('calendar_year_year_check', 'calendar_year', 'year = 1999');
select breaks('calendar_year_source_check', 'calendar_year', 'source = ''''');
select breaks('calendar_year_sha256_check', 'calendar_year', 'sha256 = ''short''');
select doubles('calendar_year_pkey', 'calendar_year');
select breaks('calendar_day_name_check', 'calendar_day', 'name = ''''');
select breaks('calendar_day_year', 'calendar_day', 'day = ''2024-10-01''');
select breaks('calendar_day_year_fkey', 'calendar_day', 'year = 2027');
select doubles('calendar_day_pkey', 'calendar_day');
select breaks('review_rule_promised_check', 'review_rule', format('promised_days = %s', days)) from unnest(array[-1, 61]) as days;
select breaks('review_rule_risk_check', 'review_rule', format('risk_reviews = %s', reviews)) from unnest(array[-1, 3]) as reviews;
select breaks('review_rule_fen_check', 'review_rule', 'risk_fen = -1');
select breaks('review_rule_approval_check', 'review_rule', format('approval_days = %s', days)) from unnest(array[-1, 61]) as days;
select breaks('review_rule_sample_check', 'review_rule', format('sample_permyriad = %s', share)) from unnest(array[-1, 10001]) as share;
select doubles('review_rule_pkey', 'review_rule', '{"version": "2"}');
select doubles('review_rule_once', 'review_rule', '{"id": 99}');
select refused('a rule changed', 'update xuqi.review_rule set promised_days = 4');

select breaks('renewal_risk_check', 'renewal', 'risk = ''low''');
select breaks('renewal_check_queued', 'renewal', format('%s = null', place)) from unnest(array['review_order', 'review_since']) as place;
select breaks('renewal_check_held', 'renewal', 'held_until = now(), held_by = claimed_by');
select breaks('renewal_check_held', 'renewal', format('held_until = now(), held_by = (select min(id) from xuqi.staff)'));
select breaks('renewal_check_held_state', 'renewal', format('status = ''awaiting_install'', held_until = now(), held_reason = ''r'', held_by = (select min(id) from xuqi.staff)'));
select breaks('renewal_check_second', 'renewal', format('second_claimed_by = (select min(id) from xuqi.staff)'));
select breaks('renewal_check_second', 'renewal', format('second_claimed_by = (select min(id) from xuqi.staff), second_claimed_at = now()'));
select named('renewal_check_two_people', 'update xuqi.renewal set claimed_by = s.id, claimed_at = now(), claimed_until = now(), second_claimed_by = s.id,
       second_claimed_at = now(), second_claimed_until = now() from (select min(id) as id from xuqi.staff) as s', 'renewal');
select breaks('renewal_held_by_fkey', 'renewal', 'held_until = now(), held_reason = ''r'', held_by = 999999');
select breaks('renewal_second_claimed_by_fkey', 'renewal', 'second_claimed_by = 999999, second_claimed_at = now(), second_claimed_until = now()');
select breaks('staff_person_more', 'staff', format('person_sealed = null, person_id_index = null, person_mobile_index = null, %s = ''x''', place), 'name = ''ann''') from unnest(array['person_email_index', 'person_recipient_index', 'person_legal_index', 'person_portal_index']) as place;
select breaks('staff_person', 'staff', format('%s = null', place), 'name = ''ann''') from unnest(array['person_sealed', 'person_id_index', 'person_mobile_index']) as place;

select breaks('review_look_names_check', 'review_look', 'names[1] = ''weather''');
select breaks('review_look_once', 'review_look', 'names[2] = names[1]');
select breaks('review_look_whole', 'review_look', change) from unnest(array[
    'sources = sources[2:]', 'details = details[2:]', 'names = names[2:]', 'details[1] = null', 'sources[1] = null']) as change;
select breaks('review_look_sources_check', 'review_look', 'sources[1] = ''''');
select breaks('review_look_unsaid_check', 'review_look', 'unsaid = ''{weather}''');
select breaks('review_look_round_check', 'review_look', format('round = %s', round)) from unnest(array[-1, 100]) as round;
select doubles('review_look_pkey', 'review_look');
select refused('a check changed', 'update xuqi.review_look set details[1] = ''large''');

select breaks('review_step_kind_check', 'review_step', 'kind = ''sleep''', 'id = 99');
select breaks('review_step_key_check', 'review_step', format('request_key = %L', key), 'id = 99') from unnest(array['short', repeat('k', 65)]) as key;
select breaks('review_step_decision', 'review_step', format('%s = null, request_key = null', place), 'id = 99') from unnest(array['staff_id', 'waited_from']) as place;
select breaks('review_step_keyed', 'review_step', 'staff_id = null, kind = ''wait''', 'id = 99');
select breaks('review_step_staff_id_fkey', 'review_step', 'staff_id = 999999', 'id = 99');
select doubles('review_step_pkey', 'review_step', '{"request_key": "request-2"}', 'id = 99');
select doubles('review_step_once', 'review_step', '{"id": 999}', 'id = 99');
select refused('a step changed', 'delete from xuqi.review_step');

select breaks('review_sample_verdict_check', 'review_sample', 'looked_by = (select min(id) from xuqi.staff), looked_at = now(), verdict = ''perhaps'', note = ''''');
select breaks('review_sample_looked', 'review_sample', format('%s', change)) from unnest(array['looked_at = now()', 'verdict = ''right''', 'note = ''n''']) as change;
select breaks('review_sample_why', 'review_sample', 'looked_by = (select min(id) from xuqi.staff), looked_at = now(), verdict = ''wrong'', note = ''''');
select breaks('review_sample_looked_by_fkey', 'review_sample', 'looked_by = 999999, looked_at = now(), verdict = ''right'', note = ''''');
select breaks('review_sample_renewal_no_fkey', 'review_sample', 'renewal_no = ''none''');
select doubles('review_sample_pkey', 'review_sample');
select refused('a sample drawn at another time', 'update xuqi.review_sample set drawn_at = now() + interval ''1 day''');
select refused('a sample that vanishes', 'delete from xuqi.review_sample');

select breaks(format('review_tail_%s_check', place), 'review_tail', place || ' = ''123''') from unnest(array['number', 'serial', 'mobile']) as place;
create function story.of_nobody(place text, others jsonb default '{}') returns text language sql as $$
    select format('insert into xuqi.%1$I overriding system value select (jsonb_populate_record(r, %2$L)).* from xuqi.%1$I as r limit 1',
                  place, '{"renewal_no": "none"}' || others)
$$;
select refused('a look at no renewal', of_nobody('review_look'), '23503');
select refused('a step of no renewal', of_nobody('review_step', '{"id": 9999, "request_key": null}'), '23503');
select refused('a tail of no renewal', of_nobody('review_tail'), '23503');
select refused('a tail changed', 'update xuqi.review_tail set number = ''0000''');
select doubles('review_tail_once', 'review_tail');

select xuqi.reason_keep('a', 'b', 'words') \g /dev/null
select breaks('reason_object_check', 'reason', 'object = ''''');
select breaks('reason_actor_check', 'reason', 'actor = ''''');
select breaks('reason_erased', 'reason', change) from unnest(array['erased_at = now()', 'salt = ''x''', 'words = ''''']) as change;
select doubles('reason_pkey', 'reason');
select refused('a reason in other words', 'update xuqi.reason set words = ''others''');
select refused('a reason that vanishes', 'delete from xuqi.reason');

select breaks('review_rule_last_check', 'review_rule', 'sample_last = 1001');
select breaks('review_rule_wrong_check', 'review_rule', 'wrong_permyriad = 10001');
set session_replication_role = replica;
insert into xuqi.review_mistake (renewal_no, platform) values (:'no', 'p');
insert into xuqi.review_pass_stop (platform, wrong, looked) values ('p', 1, 1);
set session_replication_role = origin;
select breaks('review_mistake_platform_check', 'review_mistake', 'platform = ''''');
select breaks('review_mistake_renewal_no_fkey', 'review_mistake', 'renewal_no = ''none''');
select breaks('review_mistake_owner_id_fkey', 'review_mistake', 'owner_id = 999999');
select breaks('review_mistake_closed_by_fkey', 'review_mistake', 'closed_by = 999999, closed_at = now(), reason = ''x''');
select breaks('review_mistake_reason_check', 'review_mistake', format('closed_by = (select min(id) from xuqi.staff), closed_at = now(), reason = %L', r)) from unnest(array[' ', repeat('x', 501)]) as r;
select breaks('review_mistake_closed', 'review_mistake', change) from unnest(array['closed_at = now()', 'reason = ''x''']) as change;
select breaks('review_mistake_changed_by_fkey', 'review_mistake', 'changed_by = 999999, changed_at = now()');
select doubles('review_mistake_pkey', 'review_mistake');
select refused('a mistake that vanishes', 'delete from xuqi.review_mistake');
select refused('a mistake of another day', 'update xuqi.review_mistake set opened_at = now() + interval ''1 day''');
select breaks('review_pass_stop_platform_check', 'review_pass_stop', 'platform = ''''');
select breaks('review_pass_stop_share', 'review_pass_stop', change) from unnest(array['wrong = 0', 'wrong = 2']) as change;
select breaks('review_pass_stop_ended', 'review_pass_stop', 'ended_at = now(), reason = ''x''');
select breaks('review_pass_stop_ended_by_fkey', 'review_pass_stop', 'ended_by = 999999, ended_at = now(), reason = ''x''');
select breaks('review_pass_stop_reason_check', 'review_pass_stop', format('reason = %L, ended_by = (select min(id) from xuqi.staff), ended_at = now()', given)) from unnest(array[' ', repeat('x', 501)]) as given;
select breaks('review_pass_stop_why', 'review_pass_stop', change) from unnest(array['reason = ''x''', 'ended_by = (select min(id) from xuqi.staff), ended_at = now()']) as change;
select doubles('review_pass_stop_pkey', 'review_pass_stop', '{"platform": "q"}');
select doubles('review_pass_stop_one', 'review_pass_stop', '{"id": 99}');
select refused('a stop that vanishes', 'delete from xuqi.review_pass_stop');

-- What staff keep for themselves, what an approval found good, and the counted funnel.
select claim('ann', :'no'), approve('ann', :'no') \g /dev/null
set session_replication_role = replica;
insert into xuqi.staff_view (staff_id, name, address) select id, 'mine', '/review' from xuqi.staff where name = 'ann';
insert into xuqi.review_tick (approval_id, item) select id, 'fields/agent.name' from xuqi.approval where renewal_no = :'no';
insert into xuqi.funnel (platform, submitted, paid, approved, issued, installed, counted_at) values ('p', 5, 4, 3, 2, 1, now());
set session_replication_role = origin;
select breaks('staff_view_name_check', 'staff_view', format('name = %L', name)) from unnest(array['', repeat('x', 41)]) as name;
select breaks('staff_view_address_check', 'staff_view', format('address = %L', address)) from unnest(array['/', 'review', '//elsewhere', '/' || repeat('x', 1000)]) as address;
select breaks('staff_view_staff_id_fkey', 'staff_view', 'staff_id = 999999');
select doubles('staff_view_pkey', 'staff_view', '{"name": "other"}');
select doubles('staff_view_once', 'staff_view', '{"id": 999999}');
select breaks('review_tick_item_check', 'review_tick', format('item = %L', item)) from unnest(array['fields/', 'materials/agent_id/1/short', 'other/agent.name']) as item;
select breaks('review_tick_approval_id_fkey', 'review_tick', 'approval_id = 999999');
select doubles('review_tick_pkey', 'review_tick');
select breaks('funnel_check' || number, 'funnel', change) from (values
    ('', 'paid = 6'), ('1', 'approved = 5'), ('2', 'issued = 4'), ('3', 'installed = 3')) as v (number, change);
select doubles('funnel_pkey', 'funnel');
