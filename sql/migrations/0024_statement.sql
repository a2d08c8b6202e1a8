-- SPDX-License-Identifier: Apache-2.0
-- Bank statements: our accounts at banks, what was imported, the lines, and what a person has to look at.

-- What arrived in a collecting account and is nobody's yet. Not guarded: every import and every match would wait for its
-- balance. By itself, since a value is of use only once it is committed.
alter type xuqi.account_kind add value if not exists 'unmatched_receipts' after 'statement_suspense';

begin;

insert into xuqi.account_chart (kind, normal_side, owner, guarded, name_zh, name_en, meaning_zh, meaning_en) values
    ('unmatched_receipts', 'credit', 'bank_account', false, '待匹配收款', 'unmatched receipts',
     '已到收款账户、尚未对应到订单或付款人的款项', 'What arrived in a collecting account and is no order''s or payer''s yet');

create table xuqi.collecting_account (
    id           bigint generated always as identity primary key,
    bank         text not null check (length(bank) between 1 and 100),
    account_no   text not null unique check (account_no ~ '^[0-9A-Z]{8,34}$'),
    account_name text not null check (length(account_name) between 1 and 122),
    currency     text not null default 'CNY' check (currency = 'CNY'),
    account_id   bigint not null unique references xuqi.account,
    created_at   timestamptz not null default now()
);
comment on table xuqi.collecting_account is 'Ours at banks: what the platforms'' files name and subscribers pay into';
comment on column xuqi.collecting_account.account_id is 'Its account in the ledger, bank(account_no)';
create trigger never_removed before delete or truncate on xuqi.collecting_account
    for each statement execute function xuqi.forbid();

create table xuqi.statement_import (
    id                    bigint generated always as identity primary key,
    collecting_account_id bigint not null references xuqi.collecting_account,
    source                text not null check (source in ('file', 'link')),
    format                text not null check (format <> ''),
    file_name             text not null default '' check (length(file_name) <= 255),
    file_sha256           bytea check (length(file_sha256) = 32),
    first_on              date,
    last_on               date,
    covered_from          date,
    covered_to            date,
    opening_fen           bigint,
    closing_fen           bigint,
    lines_new             bigint not null check (lines_new >= 0),
    lines_known           bigint not null check (lines_known >= 0),
    lines_raised          bigint not null check (lines_raised >= 0),
    credits_fen           bigint not null check (credits_fen >= 0),
    debits_fen            bigint not null check (debits_fen >= 0),
    imported_by           text not null,
    imported_at           timestamptz not null default now(),
    check ((opening_fen is null) = (closing_fen is null)),
    check (opening_fen + credits_fen - debits_fen = closing_fen),
    check (first_on <= last_on)
);
comment on column xuqi.statement_import.credits_fen is 'Of all its lines, new or not; with debits_fen it leads from opening to closing';
comment on column xuqi.statement_import.covered_from is 'From here to covered_to it held every line; a day cut in two is outside';
create index statement_import_account on xuqi.statement_import (collecting_account_id, last_on desc, id desc);
create trigger append_only before update or delete or truncate on xuqi.statement_import
    for each statement execute function xuqi.forbid();

-- Not partitioned by month: a unique key over partitions would have to hold the day, and a line whose day was edited
-- would then come in twice. The day is in an index instead, and so are the lines that are still open.
-- collecting_account_id and import_id have no foreign keys: a check per line of a million, while neither is ever removed.
create table xuqi.statement_line (
    id                    bigint generated always as identity primary key,
    collecting_account_id bigint not null,
    import_id             bigint not null,
    line_key              text not null check (length(line_key) between 1 and 200),
    booked_on             date not null,
    booked_at             timestamptz,
    direction             text not null check (direction in ('credit', 'debit')),
    amount_fen            bigint not null check (amount_fen > 0 and amount_fen <= 100000000000),
    balance_fen           bigint,
    payer_account         text not null default '',
    payer_account_digits  text not null default '',
    payer_name            text not null default '',
    payer_name_normal     text not null default '',
    payer_bank            text not null default '',
    remark                text not null default '',
    bank_ref              text not null default '',
    kind                  text not null default 'ordinary' check (kind in ('ordinary', 'reversal', 'returned')),
    reverses_line         bigint,
    reversed_by           bigint,
    taken_fen             bigint not null default 0,
    fingerprint           bytea not null check (length(fingerprint) = 32),
    constraint taken_within_amount check (taken_fen >= 0 and taken_fen <= amount_fen),
    check (kind <> 'ordinary' or reverses_line is null),
    unique (collecting_account_id, line_key)
);
comment on column xuqi.statement_line.line_key is
    'What makes it the same line in another file: the bank''s own number where there is one, see docs/ledger.md';
comment on column xuqi.statement_line.direction is 'credit: money came in (the bank writes 贷); debit: it went out (借)';
comment on column xuqi.statement_line.payer_account is 'The other side''s, also of debits; masked where the bank masks it';
comment on column xuqi.statement_line.payer_account_digits is 'account_digits(payer_account): empty when masked or not a number';
comment on column xuqi.statement_line.payer_name_normal is 'party_name_normal(payer_name)';
comment on column xuqi.statement_line.kind is 'reversal: 冲正; returned: 退汇, a payment of ours that came back';
comment on column xuqi.statement_line.reverses_line is 'Null when it was not found: statement_change says so';
comment on column xuqi.statement_line.reversed_by is 'Nothing may be taken of it any more';
comment on column xuqi.statement_line.taken_fen is 'Used: matched to orders, kept as credit, sent back';
create index statement_line_day on xuqi.statement_line (collecting_account_id, booked_on, id);
create index statement_line_open on xuqi.statement_line (amount_fen, booked_on)
    where direction = 'credit' and kind = 'ordinary' and reversed_by is null and taken_fen < amount_fen;
create index statement_line_payer_account on xuqi.statement_line (payer_account_digits, amount_fen)
    where payer_account_digits <> '';
create index statement_line_payer_name on xuqi.statement_line (payer_name_normal, amount_fen)
    where payer_name_normal <> '';
create index statement_line_import on xuqi.statement_line using brin (import_id);
create unique index statement_line_reversed_once on xuqi.statement_line (reverses_line) where reverses_line is not null;
create trigger never_removed before delete or truncate on xuqi.statement_line
    for each statement execute function xuqi.forbid();

-- What the bank said stays as it said it. Of a line only what became of it changes.
create function xuqi.statement_line_frozen() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if (new.id, new.collecting_account_id, new.import_id, new.line_key, new.booked_on, new.booked_at, new.direction,
        new.amount_fen, new.balance_fen, new.payer_account, new.payer_account_digits, new.payer_name,
        new.payer_name_normal, new.payer_bank, new.remark, new.bank_ref, new.kind, new.fingerprint)
       is distinct from
       (old.id, old.collecting_account_id, old.import_id, old.line_key, old.booked_on, old.booked_at, old.direction,
        old.amount_fen, old.balance_fen, old.payer_account, old.payer_account_digits, old.payer_name,
        old.payer_name_normal, old.payer_bank, old.remark, old.bank_ref, old.kind, old.fingerprint) then
        raise exception 'statement line %: what the bank said may not change', old.id using errcode = '23514';
    elsif (old.reverses_line is not null and new.reverses_line is distinct from old.reverses_line)
          or (old.reversed_by is not null and new.reversed_by is distinct from old.reversed_by) then
        raise exception 'statement line %: what it reverses is said once', old.id using errcode = '23514';
    elsif new.taken_fen > old.taken_fen and new.reversed_by is not null then
        raise exception 'statement line %: it was reversed, nothing may be taken of it', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger frozen before update on xuqi.statement_line for each row execute function xuqi.statement_line_frozen();

-- For a person: a line is not what it was, or not where it was.
create table xuqi.statement_change (
    id                    bigint generated always as identity primary key,
    collecting_account_id bigint not null references xuqi.collecting_account,
    import_id             bigint not null references xuqi.statement_import,
    reason                text not null check (reason in ('changed', 'missing', 'unexpected', 'reversal_unknown',
                                                          'reversed_taken')),
    line_id               bigint references xuqi.statement_line,
    content               jsonb,
    fingerprint           bytea not null check (length(fingerprint) = 32),
    state                 text not null default 'open' check (state in ('open', 'dismissed', 'accepted')),
    raised_at             timestamptz not null default now(),
    settled_by            text,
    settled_at            timestamptz,
    note                  text not null default '' check (length(note) <= 500),
    check ((reason = 'unexpected') = (line_id is null)),
    check ((reason in ('changed', 'unexpected')) = (content is not null)),
    check (state <> 'accepted' or reason = 'unexpected'),
    check ((state = 'open') = (settled_by is null) and (state = 'open') = (settled_at is null))
);
comment on column xuqi.statement_change.reason is
    'changed: a known line came with another content, content says which, and the line stays as it was; missing: a file lacks a known line of a day it covers; unexpected: a new line of such a day, held back; reversal_unknown: what it reverses was not found; reversed_taken: the line was used before it was reversed';
comment on column xuqi.statement_change.content is 'The line as the file has it';
create unique index statement_change_once on xuqi.statement_change
    (collecting_account_id, reason, coalesce(line_id, 0), fingerprint) where state = 'open' or reason <> 'missing';
create index statement_change_open on xuqi.statement_change (id) where state = 'open';
create index statement_change_line on xuqi.statement_change (line_id);
create trigger never_removed before delete or truncate on xuqi.statement_change
    for each statement execute function xuqi.forbid();

create function xuqi.statement_change_frozen() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.state <> 'open'
       or (new.id, new.collecting_account_id, new.import_id, new.reason, new.line_id, new.content, new.fingerprint,
           new.raised_at)
          is distinct from
          (old.id, old.collecting_account_id, old.import_id, old.reason, old.line_id, old.content, old.fingerprint,
           old.raised_at) then
        raise exception 'statement change %: may only be settled, once', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger frozen before update on xuqi.statement_change
    for each row execute function xuqi.statement_change_frozen();

-- A file on its way: lines in chunks of parallel arrays, so that neither side ever holds all of them and nothing is seen
-- before all of it is right. Taken over in one transaction; forgotten after a day.
create table xuqi.statement_upload (
    id                    bigint generated always as identity primary key,
    collecting_account_id bigint not null references xuqi.collecting_account,
    source                text not null check (source in ('file', 'link')),
    format                text not null,
    file_name             text not null default '',
    begun_by              text not null,
    begun_at              timestamptz not null default now()
);
create index statement_upload_begun on xuqi.statement_upload (begun_at);

create table xuqi.statement_chunk (
    upload_id      bigint not null references xuqi.statement_upload on delete cascade,
    number         bigint not null check (number > 0),
    places         bigint[] not null,
    line_keys      text[] not null,
    days           bigint[] not null,
    times_us       bigint[] not null,
    movements_fen  bigint[] not null,
    balances_fen   bigint[] not null,
    payer_accounts text[] not null,
    payer_names    text[] not null,
    payer_banks    text[] not null,
    remarks        text[] not null,
    bank_refs      text[] not null,
    kinds          text[] not null,
    reverses       text[] not null,
    primary key (upload_id, number),
    check (cardinality(places) between 1 and 20000),
    check (cardinality(line_keys) = cardinality(places) and cardinality(days) = cardinality(places)
           and cardinality(times_us) = cardinality(places) and cardinality(movements_fen) = cardinality(places)
           and cardinality(balances_fen) = cardinality(places) and cardinality(payer_accounts) = cardinality(places)
           and cardinality(payer_names) = cardinality(places) and cardinality(payer_banks) = cardinality(places)
           and cardinality(remarks) = cardinality(places) and cardinality(bank_refs) = cardinality(places)
           and cardinality(kinds) = cardinality(places) and cardinality(reverses) = cardinality(places))
);
comment on column xuqi.statement_chunk.places is 'Where in the file each line stands, from 1: what a fault names';
comment on column xuqi.statement_chunk.movements_fen is 'More than nothing: credit; less: debit';
comment on column xuqi.statement_chunk.times_us is 'Unix time; -9223372036854775808 (as in balances_fen): not said';
comment on column xuqi.statement_chunk.reverses is 'bank_ref of the line that it reverses; empty where the bank does not say';
-- Read once, soon: time spent on compressing it is lost.
alter table xuqi.statement_chunk
    alter line_keys set storage external, alter payer_accounts set storage external,
    alter payer_names set storage external, alter payer_banks set storage external, alter remarks set storage external,
    alter bank_refs set storage external, alter kinds set storage external, alter reverses set storage external,
    alter days set storage external, alter times_us set storage external, alter movements_fen set storage external,
    alter balances_fen set storage external, alter places set storage external;

insert into xuqi.schema_migration (number, name, sha256) values (24, 'statement', :'sha256');
commit;
