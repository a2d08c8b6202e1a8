-- SPDX-License-Identifier: Apache-2.0
-- Books what a bill says the gateway has kept: gateway_fee against gateway_clearing, half a fen and more rounded up over the
-- whole day. A later bill of the day books what it adds. Internal; the caller holds the day's row.
create or replace function xuqi.match_fee(in_rail text, in_day date) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    held     bill_day;
    delta    bigint;
    clearing bigint := account_open('gateway_clearing', in_rail);
    expense  bigint := account_open('gateway_fee', in_rail);
    key      text;
begin
    select * into strict held from bill_day where rail = in_rail and day = in_day;
    delta := round(held.fee_millifen / 1000.0)::bigint - held.fee_booked_fen;
    if delta = 0 then
        return;
    end if;
    key := in_rail || ':' || in_day || ':' || held.fee_bookings + 1;
    perform ledger_post('bill_fee', key, fingerprint(key, delta::text),
                        bill_day_start(in_rail, in_day) + interval '12 hours', 'gateway:' || in_rail,
                        array[case when delta > 0 then expense else clearing end],
                        array[case when delta > 0 then clearing else expense end], array[abs(delta)]);
    update bill_day set fee_booked_fen = fee_booked_fen + delta, fee_bookings = fee_bookings + 1
     where rail = in_rail and day = in_day;
end
$$;
