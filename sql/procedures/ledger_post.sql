-- SPDX-License-Identifier: Apache-2.0
-- Writes one business event with its legs. Internal. Safe to call again: the posting's id, or null when this very event
-- has been posted; raises when another content was posted under its key, or when an account would be overdrawn.
create or replace function xuqi.ledger_post(
    in_event_type text, in_event_key text, in_fingerprint bytea, in_event_at timestamptz, in_actor text,
    in_debit_ids bigint[], in_credit_ids bigint[], in_amounts bigint[], in_reverses bigint default null) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    posted bigint;
begin
    with event as (
        insert into posting (event_type, event_key, fingerprint, event_at, actor, reverses)
        values (in_event_type, in_event_key, in_fingerprint, in_event_at, in_actor, in_reverses)
            on conflict (event_type, event_key) do nothing returning id),
    legs as (
        insert into transfer (posting_id, leg, debit_id, credit_id, amount)
        select event.id, leg, debit_id, credit_id, amount
          from event, unnest(in_debit_ids, in_credit_ids, in_amounts) with ordinality as legs (debit_id, credit_id, amount, leg))
    select id into posted from event;
    if posted is null then
        if in_fingerprint is distinct from (select fingerprint from posting
                                             where event_type = in_event_type and event_key = in_event_key) then
            raise exception 'posting %:% exists with another content', in_event_type, in_event_key
                using errcode = '23505';
        end if;
        return null;
    end if;
    return posted;
end
$$;
