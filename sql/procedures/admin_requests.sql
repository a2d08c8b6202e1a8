-- SPDX-License-Identifier: Apache-2.0
-- Requests of the administration, newest first, before the one given (0: from the newest). States: asked (open), done,
-- refused, expired, all. Administrators and auditors see all of them, finance those about prices. Outcomes: ok in every row, or one row: empty,
-- unauthenticated, forbidden. Reads only.
create or replace function xuqi.admin_requests(in_token_digest bytea, in_state text, in_before bigint, in_size bigint)
returns table (outcome text, id bigint, kind text, subject text, display_name text, was text, becomes text, reason text,
               state text, asked_by text, asked_at timestamptz, expires_at timestamptz, decided_by text,
               decided_at timestamptz, mine boolean)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
    all_kinds boolean;
begin
    select * into caller from session_of(in_token_digest, array['administrator', 'auditor', 'finance']);
    outcome := caller.outcome;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    all_kinds := (select s.roles && array['administrator', 'auditor'] from staff as s where s.id = caller.staff_id);
    return query
    select 'ok'::text, r.id, r.kind, r.subject, r.display_name, r.was, r.becomes, r.reason, now_state, asker.name, r.asked_at,
           r.expires_at, decider.name, r.decided_at, r.asked_by = caller.staff_id
      from admin_request as r
      join staff as asker on asker.id = r.asked_by
      left join staff as decider on decider.id = r.decided_by,
           lateral (select case when r.state = 'asked' and r.expires_at <= now() then 'expired' else r.state end as now_state) as n
     where (in_before = 0 or r.id < in_before) and (all_kinds or r.kind = 'price')
       and (in_state = 'all' or now_state = in_state)
     order by r.id desc limit in_size;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
