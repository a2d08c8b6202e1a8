-- SPDX-License-Identifier: Apache-2.0
-- One posting: what it was about, what reversed it, and what business record stands on it (held_by: then it is undone with
-- that and not on its own). For finance and auditors. Outcomes: ok, unauthenticated, forbidden, posting_unknown. Reads only.
create or replace function xuqi.ledger_posting(
    in_token_digest bytea, in_posting_id bigint,
    out outcome text, out posting_id bigint, out event_type text, out event_key text, out event_at timestamptz,
    out occurred_at timestamptz, out posted_by text, out reverses bigint, out reversed_by bigint, out renewal_no text,
    out platform text, out held_by text, out reversal_state text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    outcome := match_refusal(in_token_digest);
    if outcome is not null then
        return;
    end if;
    select 'ok', p.id, p.event_type, p.event_key, p.event_at, p.occurred_at, p.actor, p.reverses,
           (select q.id from posting as q where q.reverses = p.id), posting_renewal(p), posting_platform(p), posting_held(p.id),
           (select v.state from reversal as v where v.posting_id = p.id order by v.id desc limit 1)
      into outcome, posting_id, event_type, event_key, event_at, occurred_at, posted_by, reverses, reversed_by, renewal_no,
           platform, held_by, reversal_state
      from posting as p where p.id = in_posting_id;
    if not found then
        outcome := 'posting_unknown';
    end if;
end
$$;
