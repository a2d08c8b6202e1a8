-- SPDX-License-Identifier: Apache-2.0
-- Takes an upload over, whole or not at all: new lines, what was known, what a person has to look at, the books, what
-- reversals take back, the outbox's statement_imported. in_apply false only counts, and the upload stays, to be taken over or
-- discarded. Imports of one account wait for each other. Internal: statement_finish, statement_finish_admin and the bank link call it.
-- From covered_from to covered_to the statement has every line of each day (null: it may lack some of any day).
-- Outcomes: imported, known (nothing new, nothing to look at, by the link: that was not raised before; no import is written), checked, statement_upload_unknown,
-- statement_balance (opening and movements do not lead to closing), statement_empty.
create or replace function xuqi.statement_take(
    in_upload_id bigint, in_actor text, in_apply boolean, in_covered_from date, in_covered_to date,
    in_opening_fen bigint, in_closing_fen bigint, in_file_sha256 bytea,
    out outcome text, out import_id bigint, out lines_new bigint, out lines_known bigint, out lines_changed bigint,
    out lines_missing bigint, out lines_unexpected bigint, out first_on date, out last_on date,
    out credits_fen bigint, out debits_fen bigint, out previous_last_on date, out previous_closing_fen bigint)
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    analyze_from constant bigint := 10000;
    upload  statement_upload;
    ours    collecting_account;
    raised  bigint;
    special record;
begin
    select * into upload from statement_upload where id = in_upload_id for update;
    if upload.id is null then
        outcome := 'statement_upload_unknown';
        return;
    end if;
    select * into ours from collecting_account where id = upload.collecting_account_id for no key update;
    perform statement_stage(upload.id);
    select count(*), min(booked_on), max(booked_on),
           coalesce(sum(amount_fen) filter (where direction = 'credit'), 0),
           coalesce(sum(amount_fen) filter (where direction = 'debit'), 0)
      into lines_new, first_on, last_on, credits_fen, debits_fen from statement_staged;
    outcome := case when lines_new = 0 then 'statement_empty'
                    when in_opening_fen + credits_fen - debits_fen <> in_closing_fen then 'statement_balance' end;
    if outcome is not null then
        return;
    end if;
    perform statement_compare(ours.id, upload.format, in_covered_from, in_covered_to);
    select count(*) filter (where class = 'known'), count(*) filter (where class = 'changed'),
           count(*) filter (where class = 'missing'), count(*) filter (where class = 'unexpected')
      into lines_known, lines_changed, lines_missing, lines_unexpected from statement_odd;
    lines_new := lines_new - lines_known - lines_changed - lines_unexpected;
    select i.last_on, i.closing_fen into previous_last_on, previous_closing_fen from statement_import as i
     where i.collecting_account_id = ours.id and i.last_on < statement_take.first_on order by i.last_on desc, i.id desc limit 1;
    outcome := case when not in_apply then 'checked'
                    when lines_new + lines_changed + lines_missing + lines_unexpected = 0
                         or (lines_new = 0 and upload.source = 'link' and not statement_odd_new(ours.id)) then 'known'
                    else 'imported' end;
    if outcome <> 'checked' then
        delete from statement_upload where id = upload.id;
    end if;
    if outcome <> 'imported' then
        return;
    end if;

    insert into statement_import as i (collecting_account_id, source, format, file_name, file_sha256, first_on, last_on,
                                       covered_from, covered_to, opening_fen, closing_fen, lines_new, lines_known,
                                       lines_raised, credits_fen, debits_fen, imported_by)
    values (ours.id, upload.source, upload.format, upload.file_name, in_file_sha256, first_on, last_on, in_covered_from,
            in_covered_to, in_opening_fen, in_closing_fen, lines_new, lines_known,
            lines_changed + lines_missing + lines_unexpected, credits_fen, debits_fen, in_actor)
    returning i.id into import_id;
    insert into statement_line (collecting_account_id, import_id, line_key, booked_on, booked_at, direction, amount_fen,
                                balance_fen, payer_account, payer_account_digits, payer_name, payer_name_normal,
                                payer_bank, remark, bank_ref, kind, fingerprint)
    select ours.id, statement_take.import_id, s.line_key, s.booked_on, s.booked_at, s.direction, s.amount_fen,
           s.balance_fen, s.payer_account, s.payer_account_digits, s.payer_name, s.payer_name_normal, s.payer_bank,
           s.remark, s.bank_ref, s.kind, s.fingerprint
      from statement_staged as s
     where s.place not in (select o.place from statement_odd as o where o.place is not null)
     order by s.booked_on, s.booked_at, s.place;
    -- The table is another than the one that is known: those who read it at once must know. Autovacuum sees to the rest.
    if lines_new >= analyze_from and lines_new > (select reltuples from pg_class where oid = 'statement_line'::regclass) then
        analyze statement_line;
    end if;
    raised := statement_raise(ours.id, import_id);
    perform statement_book(import_id, ours, in_actor);
    for special in
        select l.id, s.reverses from statement_line as l join statement_staged as s on s.line_key = l.line_key
         where s.kind <> 'ordinary' and l.collecting_account_id = ours.id and l.import_id = statement_take.import_id
         order by l.id
    loop
        perform statement_reverse(special.id, special.reverses, in_actor);
    end loop;
    insert into outbox (topic, dedup_key, event, renewal_no) values ('statement_imported', import_id::text, import_id::text, '');
    insert into audit_event (actor, action, object, detail)
    values (in_actor, 'statement.import', 'statement_import:' || import_id,
            format('account %s, new %s, known %s, raised %s', ours.id, lines_new, lines_known, raised));
end
$$;
