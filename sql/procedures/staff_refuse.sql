-- SPDX-License-Identifier: Apache-2.0
-- Puts on the audit trail what a desk refused: who asked (by the session, also an ended one), for what, and the rule.
-- Outcome: in_code, or for unauthenticated the reason why the session is none (session_refusal). Each call is an event.
create or replace function xuqi.staff_refuse(
    in_token_digest bytea, in_code text, in_route text, in_request_id text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    outcome := case when in_code = 'unauthenticated' and in_token_digest is not null
                    then session_refusal(in_token_digest) else in_code end;
    insert into audit_event (actor, action, object, detail)
    values (coalesce((select 'staff:' || person.name
                        from staff_session as seat join staff as person on person.id = seat.staff_id
                       where seat.token_digest = in_token_digest), 'unknown'),
            'access.refuse', 'route:' || in_route, outcome || ' request=' || in_request_id);
end
$$;
