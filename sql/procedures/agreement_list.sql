-- SPDX-License-Identifier: Apache-2.0
-- Every version of an agreement that was ever shown, without its text, newest first; for administrators and auditors.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.agreement_list(in_token_digest bytea)
returns table (outcome text, kind text, id text, version text, sha256 text, title text, published_at timestamptz)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    select caller.outcome into outcome from session_of(in_token_digest, array['administrator', 'auditor']) as caller;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    select 'ok'::text, a.kind, a.id, a.version, a.sha256, a.title, a.published_at
      from agreement_text as a order by a.published_at desc, a.kind, a.id, a.version limit 500;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
