-- SPDX-License-Identifier: Apache-2.0
-- Of a write that came too late: who was faster, when, and what he did. By the code that refused it, its route and the object
-- that the route (or the body) names; nulls where nobody was, changed_by null where the server did it. Internal.
create or replace function xuqi.staff_overtaken(
    in_token_digest bytea, in_code text, in_route text, in_object text,
    out changed_by text, out changed_at timestamptz, out changed text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    who bigint;
    actor text;
    number bigint := case when in_object ~ '^[0-9]{1,18}$' then in_object::bigint end;
    about text;
begin
    if in_route like '% /api/v1/finance/%' then
        select f.who, f.actor, f.at, f.what into who, actor, changed_at, changed from finance_overtaken(in_code, in_route, in_object) as f;
    elsif in_code in ('renewal_state', 'case_not_claimed', 'case_not_held') and in_route like '% /api/v1/review/cases/%' then
        select s.staff_id, s.at, s.kind into who, changed_at, changed
          from review_step as s
         where s.renewal_no = in_object
           and s.staff_id is distinct from (select seat.staff_id from staff_session as seat where seat.token_digest = in_token_digest)
         order by s.id desc limit 1;
    elsif in_code = 'sample_looked' then
        select d.looked_by, d.looked_at, 'sample' into who, changed_at, changed from review_sample as d where d.renewal_no = in_object;
    elsif in_code in ('mistake_changed', 'mistake_closed') then
        select m.changed_by, m.changed_at, case when m.closed_at is null then 'assignment' else 'closing' end
          into who, changed_at, changed from review_mistake as m where m.renewal_no = in_object;
    elsif in_code = 'pass_running' then
        select p.ended_by, p.ended_at, 'resumption' into who, changed_at, changed
          from review_pass_stop as p where p.platform = in_object and p.ended_at is not null order by p.ended_at desc limit 1;
    elsif in_code = 'request_decided' then
        select q.decided_by, q.decided_at, q.state into who, changed_at, changed from admin_request as q where q.id = number;
    elsif in_code in ('staff_changed', 'staff_known', 'version_conflict', 'nothing_changes') then
        -- What two decided is a request's; what one did alone, or the console, is on the trail under the account or the platform.
        about := case when in_route like '%/requests/{id}/%' then (select q.subject from admin_request as q where q.id = number) else in_object end;
        select last.who, last.at, last.what into who, changed_at, changed
          from (select q.decided_by as who, q.decided_at as at, case when q.kind in ('halt', 'release') then 'issuance.' || q.kind else q.kind end as what
                  from admin_request as q where q.subject = about and q.state = 'done'
                union all
                select (select person.id from staff as person where 'staff:' || person.name = e.actor), e.at, e.action
                  from audit_event as e
                 where e.object = case when in_route like '%/prices/%' or in_code = 'version_conflict' then 'platform:' else 'staff:' end || about
                   and e.action in ('staff.disable', 'staff.add', 'staff.enrol', 'staff.person', 'platform.load')) as last
         order by last.at desc limit 1;
    end if;
    changed_by := (select person.display_name from staff as person where person.id = who or 'staff:' || person.name = actor);
end
$$;
