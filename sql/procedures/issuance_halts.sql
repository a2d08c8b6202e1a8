-- SPDX-License-Identifier: Apache-2.0
-- When issuance was halted and released, by whom and why, newest first, at most fifty; for administrators and auditors.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.issuance_halts(in_token_digest bytea)
returns table (outcome text, id bigint, reason text, halted_at timestamptz, halted_by text, halt_agreed_by text,
               released_at timestamptz, released_by text, release_agreed_by text, release_reason text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    select caller.outcome into outcome from session_of(in_token_digest, array['administrator', 'auditor']) as caller;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    with people as (
        select 'request ' || r.id as by, asker.display_name as asked, decider.display_name as decided, r.reason
          from admin_request as r join staff as asker on asker.id = r.asked_by join staff as decider on decider.id = r.decided_by
         where r.kind in ('halt', 'release') and r.state = 'done')
    select 'ok'::text, h.id, h.reason, h.halted_at, coalesce(began.asked, h.halted_by), coalesce(began.decided, ''),
           h.released_at, coalesce(ended.asked, h.released_by, ''), coalesce(ended.decided, ''), coalesce(ended.reason, '')
      from halt as h left join people as began on began.by = h.halted_by left join people as ended on ended.by = h.released_by
     order by h.id desc limit 50;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
