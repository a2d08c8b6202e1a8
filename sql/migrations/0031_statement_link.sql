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

-- -- what was raised about lines is settled ---------------------------------------------------------------------------

alter table xuqi.statement_line add column replaces_line bigint unique references xuqi.statement_line,
    add constraint statement_line_replaces check (replaces_line is null or reverses_line is null);
comment on column xuqi.statement_line.replaces_line is
    'A line that the bank has changed, as finance has accepted it: the one before left the books with it';

create or replace function xuqi.statement_line_frozen() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if (new.id, new.collecting_account_id, new.import_id, new.line_key, new.booked_on, new.booked_at, new.direction,
        new.amount_fen, new.balance_fen, new.payer_account, new.payer_account_digits, new.payer_name,
        new.payer_name_normal, new.payer_bank, new.remark, new.bank_ref, new.kind, new.fingerprint, new.replaces_line)
       is distinct from
       (old.id, old.collecting_account_id, old.import_id, old.line_key, old.booked_on, old.booked_at, old.direction,
        old.amount_fen, old.balance_fen, old.payer_account, old.payer_account_digits, old.payer_name,
        old.payer_name_normal, old.payer_bank, old.remark, old.bank_ref, old.kind, old.fingerprint, old.replaces_line) then
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

alter table xuqi.statement_change
    drop constraint statement_change_check2,
    add constraint statement_change_accepted check (state <> 'accepted' or reason in ('unexpected', 'changed')),
    add column accepted_line_id bigint unique references xuqi.statement_line,
    add constraint statement_change_line check (accepted_line_id is null or state = 'accepted');
comment on column xuqi.statement_change.accepted_line_id is 'The line that the acceptance made; null where only words differ';

alter table xuqi.finance_request
    drop constraint finance_request_kind_check,
    add constraint finance_request_kind_check check (kind in ('match', 'unmatch', 'suspend', 'release', 'return', 'repay',
                                                              'accept', 'dismiss')),
    add column change_id bigint references xuqi.statement_change,
    add constraint finance_request_change check ((kind in ('accept', 'dismiss')) = (change_id is not null));
create index finance_request_change on xuqi.finance_request (change_id) where change_id is not null;

create or replace function xuqi.finance_request_changes() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if (new.id, new.request_key, new.kind, new.line_id, new.order_no, new.match_id, new.fen, new.reason, new.asked_by,
        new.asked_at, new.two_people, new.change_id)
       is distinct from
       (old.id, old.request_key, old.kind, old.line_id, old.order_no, old.match_id, old.fen, old.reason, old.asked_by,
        old.asked_at, old.two_people, old.change_id)
       or (old.state <> 'asked' and to_jsonb(new) - 'released_by' is distinct from to_jsonb(old) - 'released_by')
       or (old.released_by is not null and new.released_by is distinct from old.released_by) then
        raise exception 'finance request %: it is decided once and stays as it was asked', old.id using errcode = '23514';
    end if;
    return new;
end
$$;

-- -- what a gateway has paid out is a line of the statement -----------------------------------------------------------

alter table xuqi.settlement add column line_id bigint unique references xuqi.statement_line;
comment on column xuqi.settlement.line_id is 'The line that it was, where the account''s statements are imported';

insert into xuqi.schema_migration (number, name, sha256) values (31, 'statement_link', :'sha256');
commit;
