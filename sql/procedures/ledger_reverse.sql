-- SPDX-License-Identifier: Apache-2.0
-- Takes back a posting by one with each leg turned round. Internal. Safe to call again: the reversing posting's id; raises
-- when there is no such posting, or an account would be overdrawn.
create or replace function xuqi.ledger_reverse(in_posting_id bigint, in_actor text) returns bigint
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    original  posting;
    reversing bigint;
begin
    select * into strict original from posting where id = in_posting_id for key share;
    select id into reversing from posting where reverses = in_posting_id;
    if found then
        return reversing;
    end if;
    return ledger_post('reverse', original.event_type || ':' || original.event_key,
                       fingerprint('reverse', encode(original.fingerprint, 'hex')), now(), in_actor,
                       array_agg(credit_id order by leg), array_agg(debit_id order by leg),
                       array_agg(amount order by leg), in_posting_id)
      from transfer where posting_id = in_posting_id;
end
$$;
