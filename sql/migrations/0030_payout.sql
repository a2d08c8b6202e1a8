-- SPDX-License-Identifier: Apache-2.0
-- Money that we send through a bank, under a number of ours that is fixed before the bank is called; and the account
-- verification (金融认证), which sends 0.01 yuan with a code.
begin;

insert into xuqi.renewal_transition (from_state, to_state, occasion) values
    ('awaiting_install', 'awaiting_account', 'the 0.01 yuan came back');

create sequence xuqi.payout_sequence;

create table xuqi.payout (
    client_id       text primary key check (client_id ~ '^[0-9A-Za-z]{1,20}$'),
    purpose         text not null check (purpose in ('verification')),
    renewal_no      text not null references xuqi.renewal,
    number          bigint not null check (number between 1 and 99),
    amount_fen      bigint not null check (amount_fen > 0 and amount_fen <= 100000000000),
    state           text not null default 'queued' check (state in ('queued', 'sent', 'paid', 'failed', 'returned')),
    bank            text not null default '',
    from_account    text not null default '',
    payee_sealed    bytea,
    payee_index     bytea check (length(payee_index) = 32),
    payee_masked    text not null default '',
    payee_bank_code text not null default '',
    code_salt       bytea check (length(code_salt) = 32),
    code_digest     bytea check (length(code_digest) = 32),
    tries           bigint not null default 0 check (tries between 0 and 99),
    failure         text not null default '' constraint payout_failure check (failure in (
        '', 'account_invalid', 'name_mismatch', 'closed_or_frozen', 'bank_temporary', 'account_limit', 'not_needed',
        'account_missing')),
    word            text not null default '',
    asked           bigint not null default 0 check (asked >= 0),
    created_at      timestamptz not null default now(),
    sent_at         timestamptz,
    asked_at        timestamptz,
    settled_at      timestamptz,
    returned_at     timestamptz,
    return_evidence text,
    constraint payout_verification check (purpose <> 'verification' or amount_fen = 1),
    constraint payout_sent check (state not in ('sent', 'paid', 'returned')
                                  or (sent_at is not null and payee_index is not null and bank <> '' and from_account <> '')),
    constraint payout_settled check ((settled_at is not null) = (state in ('paid', 'failed', 'returned'))),
    constraint payout_returned check ((state = 'returned') = (returned_at is not null)
                                      and (returned_at is null) = (return_evidence is null)),
    constraint payout_failed check (failure <> '' or state in ('queued', 'sent', 'paid')),
    unique (renewal_no, purpose, number)
) with (fillfactor = 70);
comment on column xuqi.payout.client_id is 'What the bank knows it by; a new one only after the bank has said that the money did not go';
comment on column xuqi.payout.state is
    'sent: the bank was or may have been asked and has not said what became of it; paid is the bank''s word, which returned takes back';
comment on column xuqi.payout.from_account is 'Ours that pays: owner of the ledger''s bank account';
comment on column xuqi.payout.payee_index is 'Of the account''s number, under the lookup key: an account is counted for life';
comment on column xuqi.payout.code_salt is 'The code of the remark follows from it under the sealing key; here is only its keyed hash';
comment on column xuqi.payout.word is 'What the bank last answered: the code, and the words with it';
create unique index payout_open on xuqi.payout (renewal_no) where purpose = 'verification' and state in ('queued', 'sent');
create index payout_payee on xuqi.payout (payee_index) where sent_at is not null;
create index payout_unknown on xuqi.payout (sent_at) where state = 'sent';
create trigger never_removed before delete or truncate on xuqi.payout
    for each statement execute function xuqi.forbid();

-- Sent may become queued again only where the bank certainly has not heard of it (payout_unsent); what is over stays.
create function xuqi.payout_moves() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if (new.client_id, new.purpose, new.renewal_no, new.number, new.amount_fen, new.created_at)
       is distinct from (old.client_id, old.purpose, old.renewal_no, old.number, old.amount_fen, old.created_at) then
        raise exception 'payout %: what it is may not change', old.client_id using errcode = '23514';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
           ('queued', 'sent'), ('queued', 'failed'), ('sent', 'queued'), ('sent', 'paid'), ('sent', 'failed'),
           ('paid', 'returned')) then
        raise exception 'payout %: % -> % is not a move', old.client_id, old.state, new.state using errcode = '23514';
    end if;
    if old.state <> 'queued' and new.state <> 'queued'
       and (new.payee_index, new.bank, new.from_account, new.sent_at, new.code_digest)
           is distinct from (old.payee_index, old.bank, old.from_account, old.sent_at, old.code_digest) then
        raise exception 'payout %: what was sent may not change', old.client_id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger moves before update on xuqi.payout for each row execute function xuqi.payout_moves();

create table xuqi.account_verification (
    renewal_no     text primary key references xuqi.renewal,
    state          text not null check (state in ('paying', 'confirming', 'failed', 'passed')),
    mode           text not null default '' check (mode in ('', 'code_entry', 'payout_success')),
    reason         text not null default '' constraint account_verification_reason check (reason in (
        '', 'account_invalid', 'name_mismatch', 'closed_or_frozen', 'bank_temporary', 'account_limit',
        'account_missing', 'tries_used', 'expired')),
    proof          text not null default '' check (proof in ('', 'code', 'payout', 'transfer')),
    payouts        bigint not null default 0 check (payouts between 0 and 99),
    account_sealed bytea,
    account_index  bytea check (length(account_index) = 32),
    account_masked text not null default '',
    since          timestamptz not null default now(),
    expires_at     timestamptz,
    remind_at      timestamptz,
    reminders      bigint not null default 0 check (reminders between 0 and 3),
    check ((state = 'failed') = (reason <> '')),
    check ((state = 'passed') = (proof <> '')),
    check ((state = 'confirming') = (expires_at is not null))
) with (fillfactor = 70);
comment on column xuqi.account_verification.mode is 'As the platform asked for when its last payout was sent';
comment on column xuqi.account_verification.account_sealed is 'The account as corrected here; null: as in the application';
comment on column xuqi.account_verification.account_index is 'Of all of it, under the lookup key: the same correction twice is one';
comment on column xuqi.account_verification.expires_at is
    'code_entry: until when the code counts; payout_success: when a payout that has not come back is proof';
create index account_verification_due on xuqi.account_verification (expires_at) where expires_at is not null;
create index account_verification_remind on xuqi.account_verification (remind_at) where remind_at is not null;
create trigger never_removed before delete or truncate on xuqi.account_verification
    for each statement execute function xuqi.forbid();
create trigger touches after insert or update on xuqi.account_verification
    for each row execute function xuqi.renewal_touched();

insert into xuqi.sealed_column (name, place, kind, table_name, column_name, lead, row_key, context) values
    ('payout.payee_sealed', 'payout.payee', 'sealed', 'payout', 'payee_sealed', 'client_id', 'client_id',
     'convert_to(client_id, ''UTF8'')'),
    ('payout.payee_index', 'payout.account', 'lookup', 'payout', 'payee_index', 'client_id', 'client_id',
     'convert_to(client_id, ''UTF8'')'),
    ('account_verification.account_sealed', 'account.correction', 'sealed', 'account_verification', 'account_sealed',
     'renewal_no', 'renewal_no', 'convert_to(renewal_no, ''UTF8'')'),
    ('account_verification.account_index', 'account.whole', 'lookup', 'account_verification', 'account_index',
     'renewal_no', 'renewal_no', 'convert_to(renewal_no, ''UTF8'')');

-- What a day's payouts may cost together, whoever asks for them.
create table xuqi.payout_budget (
    day        date primary key,
    budget_fen bigint not null check (budget_fen >= 0),
    used_fen   bigint not null default 0 check (used_fen >= 0),
    refused_at timestamptz,
    constraint payout_budget_kept check (used_fen <= budget_fen)
);
comment on column xuqi.payout_budget.refused_at is 'When it was first exhausted; the audit trail says so once a day';

-- How often a bank was called, in slots of five minutes.
create table xuqi.bank_quota (
    kind text not null check (kind in ('query', 'movement')),
    slot timestamptz not null,
    used bigint not null check (used > 0),
    primary key (kind, slot)
);

-- It answers the account verification as well now.
drop function if exists xuqi.renewal_progress;
drop function if exists xuqi.renewal_order;

insert into xuqi.schema_migration (number, name, sha256) values (30, 'payout', :'sha256');
commit;
