-- SPDX-License-Identifier: Apache-2.0
-- The ledger. One posting is one business event under a natural key, kept forever; one transfer is one debit, one
-- credit and one positive amount, so that unbalanced money cannot be written down.
begin;

create type xuqi.account_kind as enum (
    'bank', 'gateway_clearing', 'statement_suspense', 'receivable', 'payer_credit', 'deferred_revenue', 'revenue',
    'output_tax', 'refund_payable', 'gateway_fee', 'verify_expense', 'payout_clearing', 'writeoff');

create table xuqi.account (
    id          bigint generated always as identity primary key,
    kind        xuqi.account_kind not null,
    owner_key   text not null default '',
    normal_side text not null check (normal_side in ('debit', 'credit')),
    guarded     boolean not null,
    unique (kind, owner_key)
);
comment on column xuqi.account.owner_key is
    'Empty or the gateway for system accounts; the order number or the payer''s key otherwise';
comment on column xuqi.account.guarded is
    'A balance row is kept and checked. System accounts have none: every payment of everybody would wait for it';
create trigger append_only before update or delete or truncate on xuqi.account
    for each statement execute function xuqi.forbid();

create table xuqi.balance (
    account_id  bigint primary key references xuqi.account,
    normal_side text not null,
    debits      bigint not null default 0 check (debits >= 0),
    credits     bigint not null default 0 check (credits >= 0),
    version     bigint not null default 0,
    constraint no_overdraft check (case normal_side when 'debit' then debits >= credits else credits >= debits end)
) with (fillfactor = 70);
comment on table xuqi.balance is 'Of guarded accounts only; moved by the trigger on transfer, never by hand';
create trigger never_removed before delete or truncate on xuqi.balance
    for each statement execute function xuqi.forbid();

create table xuqi.posting (
    id          bigint generated always as identity primary key,
    event_type  text not null,
    event_key   text not null,
    fingerprint bytea not null check (length(fingerprint) = 32),
    event_at    timestamptz not null,
    created_at  timestamptz not null default now(),
    actor       text not null,
    xid         xid8 not null default pg_current_xact_id(),
    reverses    bigint unique references xuqi.posting,
    unique (event_type, event_key)
);
comment on column xuqi.posting.xid is 'Of the top-level transaction; xmin would be that of a savepoint';
create trigger append_only before update or delete or truncate on xuqi.posting
    for each statement execute function xuqi.forbid();

-- posting_id, debit_id and credit_id are checked by the trigger below instead of by foreign keys: those would lock the
-- rows of the system accounts, which every payment uses; accounts and postings are never removed.
create table xuqi.transfer (
    id         bigint generated always as identity primary key,
    posting_id bigint not null,
    leg        smallint not null check (leg between 1 and 16),
    debit_id   bigint not null,
    credit_id  bigint not null,
    amount     bigint not null check (amount > 0 and amount <= 100000000000),
    check (debit_id <> credit_id),
    unique (posting_id, leg)
);
comment on column xuqi.transfer.amount is 'Fen; at most one billion yuan';
create index transfer_debit on xuqi.transfer (debit_id, id);
create index transfer_credit on xuqi.transfer (credit_id, id);
create trigger append_only before update or delete or truncate on xuqi.transfer
    for each statement execute function xuqi.forbid();

-- Legs belong to the transaction that made their posting, and move the balances of guarded accounts in the order of
-- their ids, so that two postings over the same accounts cannot deadlock.
create function xuqi.transfer_apply() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    movement record;
    late     bigint;
begin
    select new_legs.posting_id into late
      from new_legs
     where (select posting.xid from posting where posting.id = new_legs.posting_id)
           is distinct from pg_current_xact_id()
     limit 1;
    if found then
        raise exception 'late leg for posting %', late using errcode = '23514';
    end if;
    for movement in
        select side.account_id, sum(side.debit)::bigint as debit, sum(side.credit)::bigint as credit
          from (select debit_id as account_id, amount as debit, 0::bigint as credit from new_legs
                union all
                select credit_id, 0, amount from new_legs) as side
         group by side.account_id
         order by side.account_id
    loop
        update balance
           set debits = debits + movement.debit, credits = credits + movement.credit, version = version + 1
         where account_id = movement.account_id;
        if not found and (select account.guarded from account where account.id = movement.account_id)
                         is distinct from false then
            raise exception 'account % does not exist or has lost its balance', movement.account_id
                using errcode = '23503';
        end if;
    end loop;
    return null;
end
$$;
create trigger apply after insert on xuqi.transfer
    referencing new table as new_legs for each statement execute function xuqi.transfer_apply();

-- Runs at commit, when the procedure that posted is over: it must not depend on whose session it is.
create function xuqi.posting_has_legs() returns trigger
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    if not exists (select from transfer where posting_id = new.id) then
        raise exception 'posting % has no legs', new.id using errcode = '23514';
    end if;
    return null;
end
$$;
create constraint trigger legs after insert on xuqi.posting
    deferrable initially deferred for each row execute function xuqi.posting_has_legs();

insert into xuqi.schema_migration (number, name, sha256) values (2, 'ledger', :'sha256');
commit;
