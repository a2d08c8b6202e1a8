-- SPDX-License-Identifier: Apache-2.0
-- The chart of accounts as a table, months that are closed for good, and reversals that two people of the staff make.
begin;

create table xuqi.account_chart (
    kind        xuqi.account_kind primary key,
    normal_side text not null check (normal_side in ('debit', 'credit')),
    owner       text not null check (owner in ('none', 'bank_account', 'gateway', 'order', 'payer', 'refund',
                                               'verification')),
    guarded     boolean not null,
    name_zh     text not null check (name_zh <> ''),
    name_en     text not null check (name_en <> ''),
    meaning_zh  text not null check (meaning_zh <> ''),
    meaning_en  text not null check (meaning_en <> '')
);
comment on table xuqi.account_chart is 'One row for each kind of account; side and guard of an account are those of its kind';
insert into xuqi.account_chart (kind, normal_side, owner, guarded, name_zh, name_en, meaning_zh, meaning_en) values
    ('bank', 'debit', 'bank_account', false, '银行存款', 'bank',
     '收款账户中的资金，与银行对账单一致', 'Money in a collecting account, as the bank''s statement says'),
    ('gateway_clearing', 'debit', 'gateway', false, '支付渠道待清算', 'gateway clearing',
     '渠道已收、尚未划入银行账户的款项', 'What a gateway has taken from payers and has not paid out yet'),
    ('statement_suspense', 'credit', 'bank_account', false, '银行流水待认领', 'statement suspense',
     '已到账、尚未认领到付款人的流水', 'Lines of a statement that nobody has been credited with yet'),
    ('receivable', 'debit', 'order', true, '应收账款', 'receivable',
     '一笔订单还应收的金额', 'What is still owed for an order'),
    ('payer_credit', 'credit', 'payer', true, '付款人余额', 'payer credit',
     '付款人已付、尚未使用或待退的金额', 'What a payer has paid and not used, or is to get back'),
    ('deferred_revenue', 'credit', 'none', false, '合同负债', 'deferred revenue',
     '已开单、尚未签发证书的价款（含税）', 'Prices, with tax, of certificates not issued yet'),
    ('revenue', 'credit', 'none', false, '主营业务收入', 'revenue',
     '已签发证书的不含税收入', 'Prices without tax of certificates that were issued'),
    ('output_tax', 'credit', 'none', false, '应交增值税（销项税额）', 'output tax',
     '已签发证书的销项税额', 'Value-added tax on certificates that were issued'),
    ('refund_payable', 'credit', 'refund', true, '应付退款', 'refund payable',
     '已批准、尚未退出的款项', 'A refund that is approved and has not left yet'),
    ('gateway_fee', 'debit', 'gateway', false, '渠道手续费', 'gateway fee',
     '渠道收取的手续费', 'What a gateway charges'),
    ('verify_expense', 'debit', 'none', false, '账户核验费用', 'verification expense',
     '金融认证打款及其手续费', 'What account verifications by 0.01 yuan cost'),
    ('payout_clearing', 'credit', 'verification', true, '打款待确认', 'payout clearing',
     '已发出、银行尚未确认的核验打款', 'A verification''s 0.01 yuan that the bank has not confirmed'),
    ('writeoff', 'debit', 'none', false, '核销损益', 'write-off',
     '经批准核销的差额', 'Differences that were written off with approval');
create trigger append_only before update or delete or truncate on xuqi.account_chart
    for each statement execute function xuqi.forbid();

-- No foreign key: every new order would lock the rows of its kinds, which never change.
create function xuqi.account_charted() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if not exists (select from account_chart as c
                    where c.kind = new.kind and c.normal_side = new.normal_side and c.guarded = new.guarded
                      and (c.owner = 'none') = (new.owner_key = '')) then
        raise exception 'an account of % is not as the chart says', new.kind using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger charted before insert on xuqi.account for each row execute function xuqi.account_charted();

-- A month that is closed takes no posting dated in it (Beijing time), nor does any month before it; nothing opens it.
create table xuqi.period (
    month           date primary key check (extract(day from month) = 1),
    closed_at       timestamptz not null default now(),
    closed_by       text not null check (closed_by <> ''),
    postings        bigint not null check (postings >= 0),
    accounts        bigint not null check (accounts >= 0),
    previous_sha256 bytea not null check (length(previous_sha256) in (0, 32)),
    sha256          bytea not null check (length(sha256) = 32),
    xid             xid8 not null default pg_current_xact_id()
);
comment on column xuqi.period.sha256 is 'Over the month, previous_sha256 and the closing balances: each month vouches for those before it';
create unique index period_chain on xuqi.period (previous_sha256);
create trigger append_only before update or delete or truncate on xuqi.period
    for each statement execute function xuqi.forbid();

create table xuqi.period_balance (
    month      date not null references xuqi.period,
    account_id bigint not null,
    debits     bigint not null check (debits >= 0),
    credits    bigint not null check (credits >= 0),
    primary key (month, account_id)
);
comment on table xuqi.period_balance is
    'At the end of the month, since the beginning: of each account that moved in the month or does not stand at nothing';
create trigger append_only before update or delete or truncate on xuqi.period_balance
    for each statement execute function xuqi.forbid();

create function xuqi.period_balance_late() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    late date;
begin
    select distinct new_rows.month into late
      from new_rows join period as p on p.month = new_rows.month and p.xid is distinct from pg_current_xact_id()
     limit 1;
    if found then
        raise exception 'late balance for %', late using errcode = '23514';
    end if;
    return null;
end
$$;
create trigger together after insert on xuqi.period_balance
    referencing new table as new_rows for each statement execute function xuqi.period_balance_late();

alter table xuqi.posting
    add column occurred_at timestamptz,
    add constraint posting_occurred_before check (occurred_at < event_at);
comment on column xuqi.posting.occurred_at is
    'When it happened, of an event that was heard of after its month had been closed; event_at is in an open month then';
create index posting_event_at on xuqi.posting (event_at);

-- A late event goes to the open month and keeps its own day. Postings of a month share its lock, which closing takes
-- alone: each posting is before the closing or sees it. Until the first closing they share the lock of no month as well,
-- since that closes all earlier months too.
create function xuqi.posting_dated() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    month  date;
    closed date := (select max(p.month) from period as p);
begin
    if closed is null then
        perform pg_advisory_xact_lock_shared(period_lock(null), 0);
    end if;
    loop
        month := date_trunc('month', beijing(new.event_at))::date;
        if closed is null or month > closed then
            perform pg_advisory_xact_lock_shared(period_lock(month), 0);
            closed := (select max(p.month) from period as p);
        end if;
        exit when closed is null or month > closed;
        new.occurred_at := coalesce(new.occurred_at, new.event_at);
        new.event_at := clock_timestamp();
    end loop;
    return new;
end
$$;
create function xuqi.period_lock(in_month date) returns integer
language sql immutable as $$
    select 1000000000 + coalesce(extract(year from in_month)::integer * 12 + extract(month from in_month)::integer, 0)
$$;
create trigger dated before insert on xuqi.posting for each row execute function xuqi.posting_dated();

-- What a member of the staff reverses, another one approves.
create table xuqi.reversal (
    id           bigint generated always as identity primary key,
    posting_id   bigint not null references xuqi.posting,
    reason       text not null check (length(reason) between 1 and 500),
    state        text not null default 'asked' check (state in ('asked', 'approved', 'refused')),
    asked_by     bigint not null references xuqi.staff,
    asked_at     timestamptz not null default now(),
    decided_by   bigint references xuqi.staff,
    decided_at   timestamptz,
    reversing_id bigint unique references xuqi.posting,
    constraint reversal_two_people check (state <> 'approved' or decided_by <> asked_by),
    constraint reversal_decided check ((state = 'asked') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
    constraint reversal_posted check ((state = 'approved') = (reversing_id is not null))
);
create unique index reversal_once on xuqi.reversal (posting_id) where state <> 'refused';
create trigger never_removed before delete or truncate on xuqi.reversal
    for each statement execute function xuqi.forbid();

create function xuqi.reversal_frozen() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.state <> 'asked'
       or (new.id, new.posting_id, new.reason, new.asked_by, new.asked_at)
          is distinct from (old.id, old.posting_id, old.reason, old.asked_by, old.asked_at) then
        raise exception 'reversal %: may only be decided, once', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger frozen before update on xuqi.reversal for each row execute function xuqi.reversal_frozen();

-- It can be asked for one part now.
drop function if exists xuqi.ledger_check();

insert into xuqi.schema_migration (number, name, sha256) values (23, 'ledger_close', :'sha256');
commit;
