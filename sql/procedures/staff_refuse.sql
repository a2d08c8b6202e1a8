-- SPDX-License-Identifier: Apache-2.0
-- Puts on the audit trail what a desk refused: who asked (by the session, also an ended one), for what, and the rule.
-- in_object: what the route or the body names, '' for nothing. Outcome: in_code, or for unauthenticated the reason why the session
-- is none (session_refusal); of a write that came too late, who changed what when (staff_overtaken). Each call is an event, unless
-- not in_record: what a flood may write is bounded, what it is told is not.
create or replace function xuqi.staff_refuse(
    in_token_digest bytea, in_code text, in_route text, in_request_id text, in_object text default '', in_record boolean default true,
    out outcome text, out changed_by text, out changed_at timestamptz, out changed text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    outcome := case when in_code = 'unauthenticated' and in_token_digest is not null
                    then session_refusal(in_token_digest) else in_code end;
    insert into audit_event (actor, action, object, detail)
    select coalesce((select 'staff:' || person.name
                       from staff_session as seat join staff as person on person.id = seat.staff_id
                      where seat.token_digest = in_token_digest), 'unknown'),
           'access.refuse', 'route:' || in_route, outcome || ' request=' || in_request_id
     where in_record;
    select o.changed_by, o.changed_at, o.changed into changed_by, changed_at, changed
      from staff_overtaken(in_token_digest, in_code, in_route, in_object) as o;
end
$$;
