-- SPDX-License-Identifier: Apache-2.0
-- An administrator asks for something that another one must decide: staff_add (a new account), staff_change (roles and
-- platforms of one), staff_enrol (a new password and one-time codes, also for an account that was disabled), halt and release (of
-- issuance). in_version: of the account, as it was seen. Safe to call again with the same key.
-- Outcomes: asked, done, refused (a key used before), unauthenticated, forbidden, request_conflict (the key stands for something else),
-- staff_known, staff_unknown, staff_changed, own_account, duties_clash, nothing_changes.
create or replace function xuqi.admin_ask(
    in_token_digest bytea, in_key text, in_kind text, in_subject text, in_version bigint, in_display_name text,
    in_roles text[], in_platforms text[], in_reason text, in_life_s bigint, out outcome text, out request_id bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    it     admin_request;
    person staff;
begin
    select * into caller from session_of(in_token_digest, array['administrator']);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('admin:' || in_key, 0));
    select * into it from admin_request where request_key = in_key;
    if found then
        outcome := case when (it.kind, it.subject, it.display_name, it.roles, it.platforms, it.asked_by)
                             is distinct from (in_kind, in_subject, in_display_name, in_roles, in_platforms, caller.staff_id)
                        then 'request_conflict' else it.state end;
        request_id := case when outcome <> 'request_conflict' then it.id end;
        return;
    end if;
    outcome := admin_refusal(in_kind, in_subject, in_version, in_roles, in_platforms, caller.staff_id);
    if outcome is not null then
        return;
    end if;
    select * into person from staff where name = in_subject and in_kind like 'staff%';
    insert into admin_request (request_key, kind, subject, subject_version, display_name, roles, platforms, reason, asked_by,
                               expires_at, was, becomes)
    values (in_key, in_kind, in_subject, in_version, in_display_name, in_roles, in_platforms, in_reason, caller.staff_id,
            clock_timestamp() + make_interval(secs => in_life_s),
            case when person.id is not null then admin_rights_text(person.status, person.roles, person.platforms)
                 when in_kind = 'release' then 'halted' when in_kind = 'halt' then 'issuing' else '' end,
            case in_kind when 'staff_add' then admin_rights_text('invited', in_roles, in_platforms)
                         when 'staff_change' then admin_rights_text(person.status, in_roles, in_platforms)
                         when 'staff_enrol' then admin_rights_text('invited', person.roles, person.platforms)
                         when 'halt' then 'halted' else 'issuing' end)
    returning id into request_id;
    outcome := 'asked';
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'admin.' || in_kind || '.asked', 'admin_request:' || request_id, in_subject);
end
$$;
