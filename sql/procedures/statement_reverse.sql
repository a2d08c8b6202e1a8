-- SPDX-License-Identifier: Apache-2.0
-- Finds what a reversal or a returned payment takes back: the other direction, the same amount and other side, not later
-- and at most 60 days earlier, by the bank's number where it says so. Exactly one: both lines know each other, and a
-- credit taken back leaves the books again. Otherwise a person is asked. Internal; true when it was found.
create or replace function xuqi.statement_reverse(in_line_id bigint, in_reverses text, in_actor text) returns boolean
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    line       statement_line;
    candidates bigint[];
    taken_back statement_line;
    ours       collecting_account;
begin
    select * into line from statement_line where id = in_line_id;
    candidates := array(
        select c.id from statement_line as c
         where c.collecting_account_id = line.collecting_account_id and c.direction <> line.direction
           and c.amount_fen = line.amount_fen and c.kind = 'ordinary' and c.reversed_by is null
           and c.booked_on between line.booked_on - 60 and line.booked_on
           and (in_reverses = '' or c.bank_ref = in_reverses)
           and (line.payer_account_digits = '' or c.payer_account_digits in ('', line.payer_account_digits))
           and (line.payer_name_normal = '' or c.payer_name_normal in ('', line.payer_name_normal))
         order by c.id limit 2);
    if cardinality(candidates) <> 1 then
        insert into statement_change (collecting_account_id, import_id, reason, line_id, fingerprint)
        values (line.collecting_account_id, line.import_id, 'reversal_unknown', line.id, line.fingerprint)
            on conflict do nothing;
        return false;
    end if;
    select * into ours from collecting_account where id = line.collecting_account_id;
    update statement_line set reverses_line = candidates[1] where id = line.id;
    update statement_line set reversed_by = line.id where id = candidates[1] returning * into taken_back;
    if taken_back.direction = 'credit' then
        perform ledger_post('statement_reversal', line.id::text,
                            fingerprint(line.id::text, taken_back.id::text, line.amount_fen::text),
                            line.booked_on + time '12:00' at time zone 'Asia/Shanghai', in_actor,
                            array[account_open('unmatched_receipts', ours.account_no)], array[ours.account_id],
                            array[line.amount_fen]);
        if taken_back.taken_fen > 0 then
            perform statement_line_reversed(taken_back.id);
        end if;
    end if;
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'statement.reverse', 'statement_line:' || taken_back.id, 'by statement_line:' || line.id);
    return true;
end
$$;
