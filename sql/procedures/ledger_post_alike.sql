-- SPDX-License-Identifier: Apache-2.0
-- Writes several business events of one kind, each with the same one or two legs in amounts of its own; a leg of nothing
-- is left out. Internal. As ledger_post: an event that has been posted is passed by; raises when another content was posted
-- under its key, or when an account would be overdrawn.
create or replace function xuqi.ledger_post_alike(
    in_event_type text, in_event_keys text[], in_fingerprints bytea[], in_actor text, in_debit_ids bigint[],
    in_credit_ids bigint[], in_first_amounts bigint[], in_second_amounts bigint[]) returns void
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    other text;
begin
    with posted as (
        insert into posting (event_type, event_key, fingerprint, event_at, actor)
        select in_event_type, event_key, fingerprint, now(), in_actor
          from unnest(in_event_keys, in_fingerprints) as event (event_key, fingerprint)
            on conflict (event_type, event_key) do nothing returning id, event_key)
    insert into transfer (posting_id, leg, debit_id, credit_id, amount)
    select posted.id, side.leg, in_debit_ids[side.leg], in_credit_ids[side.leg], side.amount
      from posted
      join unnest(in_event_keys, in_first_amounts, in_second_amounts) as event (event_key, first, second)
        on event.event_key = posted.event_key
     cross join lateral (values (1, event.first), (2, event.second)) as side (leg, amount)
     where side.amount > 0;
    select event.event_key into other
      from unnest(in_event_keys, in_fingerprints) as event (event_key, fingerprint)
      join posting on posting.event_type = in_event_type and posting.event_key = event.event_key
     where posting.fingerprint is distinct from event.fingerprint limit 1;
    if found then
        raise exception 'posting %:% exists with another content', in_event_type, other using errcode = '23505';
    end if;
end
$$;
