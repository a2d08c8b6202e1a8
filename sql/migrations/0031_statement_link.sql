-- SPDX-License-Identifier: Apache-2.0
-- Statements read through a bank's link: how far each account has been read, and the run that reads it. Payments back to who
-- paid go the same way as the 0.01 yuan; statement lines say what became of both; what was raised about lines is settled.
begin;

-- -- reading ------------------------------------------------------------------------------------------------------------

create table xuqi.statement_link (
    collecting_account_id bigint primary key references xuqi.collecting_account,
    bank                  text not null check (bank <> ''),
    interval_s            bigint not null check (interval_s > 0),
    since                 timestamptz not null default now(),
    success_at            timestamptz,
    read_to               date,
    balance_fen           bigint,
    check ((success_at is null) = (read_to is null))
) with (fillfactor = 70);
comment on table xuqi.statement_link is 'Our accounts whose movements are read through a bank''s link';
comment on column xuqi.statement_link.success_at is 'When it was last read to the end, and agreed with the bank''s balance';
comment on column xuqi.statement_link.read_to is 'The last day that was read then';
comment on column xuqi.statement_link.balance_fen is 'The bank''s word by then; null: that run ended before the day did';

create table xuqi.statement_run (
    id                    bigint generated always as identity primary key,
    collecting_account_id bigint not null references xuqi.statement_link,
    state                 text not null default 'page' check (state in ('page', 'balance', 'done', 'failed')),
    first_day             date not null,
    last_day              date not null check (last_day >= first_day),
    upload_id             bigint not null,
    pages                 bigint not null default 0 check (pages >= 0),
    records               bigint not null default 0 check (records >= 0),
    calls                 bigint not null default 0 check (calls >= 0),
    faults                bigint not null default 0 check (faults >= 0),
    rereads               bigint not null default 0 check (rereads >= 0),
    restarts              bigint not null default 0 check (restarts >= 0),
    word                  text not null default '',
    import_id             bigint references xuqi.statement_import,
    begun_at              timestamptz not null default now(),
    ended_at              timestamptz,
    check ((state in ('done', 'failed')) = (ended_at is not null)),
    check (import_id is null or state = 'done')
) with (fillfactor = 70);
comment on column xuqi.statement_run.state is 'page: the records after those it has are read next; balance: all pages are there';
comment on column xuqi.statement_run.records is 'Movements that are kept; who goes on after a crash asks for the next one';
comment on column xuqi.statement_run.faults is 'Calls in a row that brought nothing';
comment on column xuqi.statement_run.rereads is 'How often what the balance says beyond the pages was asked for';
comment on column xuqi.statement_run.restarts is 'How often it began anew, since the pages did not fit together';
create unique index statement_run_open on xuqi.statement_run (collecting_account_id) where state in ('page', 'balance');
create index statement_run_account on xuqi.statement_run (collecting_account_id, id desc);

-- The bank's numbers of a run's movements: a page that comes twice is seen. Kept as long as the run is under way.
create table xuqi.statement_run_seen (
    run_id bigint not null references xuqi.statement_run on delete cascade,
    number text not null,
    primary key (run_id, number)
);

-- -- payments back to who paid --------------------------------------------------------------------------------------------

alter table xuqi.payout
    drop constraint payout_purpose_check,
    add constraint payout_purpose_check check (purpose in ('verification', 'repayment')),
    alter renewal_no drop not null,
    add column request_id bigint unique references xuqi.payout_request,
    add column line_id bigint unique references xuqi.statement_line,
    add column returned_line_id bigint unique references xuqi.statement_line,
    add column export_key text check (export_key ~ '^[0-9A-Za-z_-]{8,64}$'),
    add constraint payout_subject check ((purpose = 'verification') = (renewal_no is not null)
                                         and (purpose = 'repayment') = (request_id is not null)),
    drop constraint payout_sent,
    add constraint payout_sent check (state not in ('sent', 'paid', 'returned')
                                      or (sent_at is not null and bank <> '' and from_account <> ''
                                          and (payee_index is not null or purpose = 'repayment'))),
    add constraint payout_exported check (export_key is null or (purpose = 'repayment' and state <> 'queued'));
comment on column xuqi.payout.request_id is 'What it pays back: of a repayment, whose account from_account is from the beginning';
comment on column xuqi.payout.line_id is 'The statement''s line of the money that left';
comment on column xuqi.payout.returned_line_id is 'The statement''s line of the money that came back (退汇)';
comment on column xuqi.payout.export_key is 'Handed to a person to be paid at the bank''s own site: no link pays it any more';
create index payout_unlined on xuqi.payout (amount_fen, sent_at)
    where line_id is null and state in ('sent', 'paid', 'returned');
create index payout_export on xuqi.payout (export_key) where export_key is not null;

-- The day's budget of each purpose on its own.
alter table xuqi.payout_budget add column purpose text not null default 'verification';
alter table xuqi.payout_budget drop constraint payout_budget_pkey, add primary key (day, purpose);
alter table xuqi.payout_budget alter purpose drop default;

-- They answer or take more now.
drop function if exists xuqi.payout_begin(text, bigint);
drop function if exists xuqi.payout_budget_take(bigint, bigint);

insert into xuqi.schema_migration (number, name, sha256) values (31, 'statement_link', :'sha256');
commit;
