-- SPDX-License-Identifier: Apache-2.0
-- Does what finance has decided about a raised line (finance_change_ask); the caller has checked finance_change_refusal under the
-- locks. What is accepted becomes a line by an import of its own, booked and matched like others; the line that it replaces
-- leaves the books with it. Internal.
create or replace function xuqi.statement_change_settle(in_request xuqi.finance_request, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    it     statement_change;
    ours   collecting_account;
    old    statement_line;
    fresh  statement_line;
    source statement_import;
    made   bigint;
begin
    select * into strict it from statement_change where id = in_request.change_id;
    if in_request.kind = 'accept' and not statement_change_words(it) then
        select * into strict ours from collecting_account where id = it.collecting_account_id;
        select * into strict source from statement_import where id = it.import_id;
        select * into old from statement_line where id = it.line_id;
        fresh := jsonb_populate_record(null::statement_line, it.content);
        insert into statement_import (collecting_account_id, source, format, file_name, first_on, last_on, lines_new, lines_known,
                                      lines_raised, credits_fen, debits_fen, imported_by)
        values (ours.id, source.source, source.format, source.file_name, fresh.booked_on, fresh.booked_on, 1, 0, 0,
                case fresh.direction when 'credit' then fresh.amount_fen else 0 end,
                case fresh.direction when 'debit' then fresh.amount_fen else 0 end, in_actor)
        returning id into made;
        insert into statement_line (collecting_account_id, import_id, line_key, booked_on, booked_at, direction, amount_fen,
                                    balance_fen, payer_account, payer_account_digits, payer_name, payer_name_normal, payer_bank,
                                    remark, bank_ref, kind, replaces_line, fingerprint)
        values (ours.id, made, case when fresh.line_key = old.line_key then fresh.line_key || '!' || it.id else fresh.line_key end,
                fresh.booked_on, fresh.booked_at, fresh.direction, fresh.amount_fen, fresh.balance_fen, fresh.payer_account,
                fresh.payer_account_digits, fresh.payer_name, fresh.payer_name_normal, fresh.payer_bank, fresh.remark,
                fresh.bank_ref, fresh.kind, old.id, fresh.fingerprint)
        returning * into fresh;
        perform statement_book(made, ours, in_actor);
        if old.id is not null then
            update statement_line set reversed_by = fresh.id where id = old.id;
            if old.direction = 'credit' then
                perform ledger_post('statement_reversal', fresh.id::text,
                                    fingerprint(fresh.id::text, old.id::text, old.amount_fen::text), now(), in_actor,
                                    array[account_open('unmatched_receipts', ours.account_no)], array[ours.account_id],
                                    array[old.amount_fen]);
            end if;
        elsif fresh.kind <> 'ordinary' then
            perform statement_reverse(fresh.id, it.content ->> 'reverses', in_actor);
        end if;
        insert into outbox (topic, dedup_key, event, renewal_no) values ('statement_imported', made::text, made::text, '');
    end if;
    update statement_change
       set state = case in_request.kind when 'accept' then 'accepted' else 'dismissed' end, settled_by = in_actor,
           settled_at = now(), note = left(in_request.reason, 500), accepted_line_id = fresh.id
     where id = it.id;
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'statement.change_' || in_request.kind, 'statement_change:' || it.id,
            concat_ws(' ', it.reason, 'line ' || it.line_id, 'by line ' || fresh.id));
end
$$;
