-- SPDX-License-Identifier: Apache-2.0
-- Books the credits of an import: a posting for each day, bank(account) against unmatched_receipts(account). The event is the day
-- of the statement; that a line is booked once is kept by its key, and statement_check holds the two together. Internal.
create or replace function xuqi.statement_book(in_import_id bigint, in_account xuqi.collecting_account, in_actor text)
returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    leg_most  constant bigint := 100000000000; -- of one transfer
    legs_most constant bigint := 16;           -- of one posting
    unmatched bigint := account_open('unmatched_receipts', in_account.account_no);
    day       record;
    left_fen  bigint;
    part      bigint;
    amounts   bigint[];
begin
    for day in
        select booked_on, sum(amount_fen)::bigint as amount_fen from statement_line
         where import_id = in_import_id and direction = 'credit' group by booked_on order by booked_on
    loop
        left_fen := day.amount_fen;
        part := 0;
        while left_fen > 0 loop
            part := part + 1;
            amounts := array_fill(leg_most, array[least(left_fen / leg_most, legs_most)::int]);
            if cardinality(amounts) < legs_most and left_fen % leg_most > 0 then
                amounts := amounts || left_fen % leg_most;
            end if;
            perform ledger_post('statement', format('%s:%s:%s:%s', in_account.account_no, in_import_id, day.booked_on, part),
                                fingerprint(in_account.account_no, in_import_id::text, day.booked_on::text, left_fen::text),
                                day.booked_on + time '12:00' at time zone 'Asia/Shanghai', in_actor,
                                array_fill(in_account.account_id, array[cardinality(amounts)]),
                                array_fill(unmatched, array[cardinality(amounts)]), amounts);
            left_fen := left_fen - (select sum(a) from unnest(amounts) as a);
        end loop;
    end loop;
end
$$;
