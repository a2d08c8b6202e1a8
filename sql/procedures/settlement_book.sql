-- SPDX-License-Identifier: Apache-2.0
-- What a gateway has paid out for a clearing day has arrived at our bank: bank against gateway_clearing; negative where it
-- took money back. Where the account's statements are imported, the money is in bank already and comes out of
-- unmatched_receipts, and the statement's line is used up by it: the one that holds the reference, or the only free one of that
-- amount and day. Entered by finance, once under the bank's or the gateway's reference. Safe to call again. Outcomes:
-- booked, unauthenticated, forbidden, settlement_differs (the reference stands for something else),
-- settlement_line_unknown (no such line, or more than one), collecting_account_unknown (no bank account of ours).
create or replace function xuqi.settlement_book(
    in_token_digest bytea, in_rail text, in_day text, in_amount_fen bigint, in_reference text, in_arrived_on text,
    in_bank_account text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller   record;
    known    settlement;
    mark     bytea := fingerprint(in_rail, in_day, in_amount_fen::text, in_reference, in_arrived_on, in_bank_account);
    bank     bigint;
    clearing bigint;
    posted   bigint;
    imported collecting_account;
    lines    bigint[];
begin
    select * into caller from session_finance(in_token_digest);
    if caller.outcome <> 'ok' then
        outcome := caller.outcome;
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('settlement:' || in_rail || ':' || in_reference, 0));
    select * into known from settlement where rail = in_rail and reference = in_reference;
    if known.id is not null then
        outcome := case when mark = (select p.fingerprint from posting as p where p.id = known.posting_id) then 'booked'
                        else 'settlement_differs' end;
        return;
    end if;
    bank := bank_account_known(in_bank_account);
    if bank is null then
        outcome := 'collecting_account_unknown';
        return;
    end if;
    select c.* into imported from collecting_account as c
     where c.account_no = in_bank_account and in_amount_fen > 0
       and exists (select from statement_import as i where i.collecting_account_id = c.id);
    if imported.id is not null then
        bank := account_open('unmatched_receipts', in_bank_account);
        lines := array(
            select l.id from statement_line as l
             where l.collecting_account_id = imported.id and l.amount_fen = in_amount_fen and l.direction = 'credit'
               and l.kind = 'ordinary' and l.reversed_by is null and l.taken_fen = 0
               and (l.bank_ref = in_reference or strpos(l.remark, in_reference) > 0 or l.booked_on = in_arrived_on::date)
             order by l.bank_ref = in_reference or strpos(l.remark, in_reference) > 0 desc, l.id for update);
        if cardinality(lines) = 0
           or (cardinality(lines) > 1 and not exists (
                   select from statement_line as l where l.id = lines[1]
                      and (l.bank_ref = in_reference or strpos(l.remark, in_reference) > 0))) then
            outcome := 'settlement_line_unknown';
            return;
        end if;
        update statement_line set taken_fen = amount_fen where id = lines[1];
    end if;
    clearing := account_open('gateway_clearing', in_rail);
    posted := ledger_post('settlement', in_rail || ':' || in_reference, mark,
                          bill_day_start('alipay', in_arrived_on::date) + interval '12 hours', 'staff:' || caller.name,
                          array[case when in_amount_fen > 0 then bank else clearing end],
                          array[case when in_amount_fen > 0 then clearing else bank end], array[abs(in_amount_fen)]);
    insert into settlement (rail, day, amount_fen, reference, arrived_on, posting_id, staff_id, line_id)
    values (in_rail, in_day::date, in_amount_fen, in_reference, in_arrived_on::date, posted, caller.staff_id, lines[1]);
    insert into audit_event (actor, action, object, detail)
    values ('staff:' || caller.name, 'settlement.book', in_rail || ':' || in_day, in_reference || ' ' || in_amount_fen);
    outcome := 'booked';
end
$$;
