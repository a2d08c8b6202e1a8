-- SPDX-License-Identifier: Apache-2.0
-- The accounts, for administrators and auditors (staff_overview), each with whether its name is locked now: so many failed
-- logins within so many seconds, as staff_session_open counts them; and until when it may be enrolled. One row with
-- outcome unauthenticated or forbidden, or rows with outcome ok. Reads only.
create or replace function xuqi.staff_list(
    in_token_digest bytea, in_unused_days bigint, in_attempts_limit bigint, in_lock_s bigint)
returns table (outcome text, name text, display_name text, roles text, platforms text, status text, version bigint,
               certificates bigint, created_at timestamptz, granted_by text, granted_at timestamptz,
               last_used_at timestamptz, unused boolean, locked boolean, enrolment_until timestamptz)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    select caller.outcome into outcome from session_of(in_token_digest, array['administrator', 'auditor']) as caller;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    select 'ok'::text, o.*, login_failures('name', fingerprint(o.name), in_lock_s) >= in_attempts_limit, s.enrolment_until
      from staff_overview(in_unused_days) as o join staff as s on s.name = o.name
     order by o.name;
end
$$;
