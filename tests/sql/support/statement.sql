-- SPDX-License-Identifier: Apache-2.0
-- For stories about transfers: one of our accounts, and lines on its statement as if they had been imported.
insert into xuqi.collecting_account (bank, account_no, account_name, account_id)
values ('CITIC', '7443900182600096874', 'us', xuqi.account_open('bank', '7443900182600096874'));

create function story.import() returns bigint language sql as $$
    insert into xuqi.statement_import (collecting_account_id, source, format, lines_new, lines_known, lines_raised,
                                       credits_fen, debits_fen, imported_by)
    select id, 'file', 'story', 1, 0, 0, 0, 0, 'story' from xuqi.collecting_account returning id
$$;
create function story.line(
    fen bigint, account text, name text, remark text default '', days integer default 0, kind text default 'ordinary',
    import_id bigint default story.import()) returns bigint
language plpgsql as $$
declare
    made bigint;
    ours bigint := (select id from xuqi.collecting_account);
begin
    insert into xuqi.statement_line (collecting_account_id, import_id, line_key, booked_on, direction, amount_fen,
                                     payer_account, payer_account_digits, payer_name, payer_name_normal, remark, kind,
                                     fingerprint)
    values (ours, import_id, gen_random_uuid()::text, xuqi.beijing(now())::date + days, 'credit', fen, account,
            xuqi.account_digits(account), name, xuqi.party_name_normal(name), remark, kind, digest(name))
    returning id into made;
    perform xuqi.ledger_post('statement', format('7443900182600096874:%s:%s:%s', import_id, xuqi.beijing(now())::date + days, made),
        xuqi.fingerprint(made::text), now(), 'story',
        array[xuqi.account_open('bank', '7443900182600096874')],
        array[xuqi.account_open('unmatched_receipts', '7443900182600096874')], array[fen]);
    return made;
end
$$;

-- One declared row, as web sends it; answers the row's state, or the refusal.
create function story.declare(no text, account text, name text, fen bigint default 20000, days integer default 0) returns text
language plpgsql as $$
declare
    said text;
begin
    select outcome into said from xuqi.transfer_declare(
        no, array[digest(concat_ws('|', account, name, fen, days))], array[fen],
        array[(xuqi.beijing(now())::date + days - date '1970-01-01')::bigint], array['sealed'::bytea], array[digest(account)],
        array['****' || right(account, 4)], array[left(name, 1) || '*'], array[account], array[name]);
    return case when said <> 'checked' then said
                else (select state from xuqi.declared_transfer
                       where renewal_no = no and content_index = digest(concat_ws('|', account, name, fen, days))
                         and removed_at is null) end;
end
$$;
