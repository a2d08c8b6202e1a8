-- SPDX-License-Identifier: Apache-2.0
-- Moves money between a rail's clearing account and its suspense, on a clearing day: positive into clearing, negative out
-- of it. Internal; safe to call again under the same key.
create or replace function xuqi.match_post(
    in_event_type text, in_event_key text, in_rail text, in_day date, in_amount_fen bigint, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    clearing bigint := account_open('gateway_clearing', in_rail);
    suspense bigint := account_open('statement_suspense', in_rail);
begin
    perform ledger_post(in_event_type, in_event_key, fingerprint(in_event_key, in_amount_fen::text),
                        bill_day_start(in_rail, in_day) + interval '12 hours', in_actor,
                        array[case when in_amount_fen > 0 then clearing else suspense end],
                        array[case when in_amount_fen > 0 then suspense else clearing end], array[abs(in_amount_fen)]);
end
$$;
