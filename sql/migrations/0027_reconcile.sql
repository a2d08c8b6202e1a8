-- SPDX-License-Identifier: Apache-2.0
-- Daily reconciliation: the gateways' bills as they came and row by row, what does not agree with the books, and the
-- money as it arrives at the bank.
begin;

create table xuqi.bill_file (
    id         bigint generated always as identity primary key,
    rail       text not null check (rail ~ '^[a-z]{3,16}$'),
    day        date not null,
    digest     bytea not null check (length(digest) = 32),
    size       bigint not null check (size > 0),
    source     text not null check (source in ('fetched', 'uploaded', 'command')),
    actor      text not null,
    state      text not null default 'kept' check (state in ('kept', 'loaded', 'refused')),
    fault      text not null default '',
    kept_at    timestamptz not null default now(),
    loaded_at  timestamptz,
    unique (rail, day, digest),
    check ((state = 'loaded') = (loaded_at is not null)),
    check ((state = 'refused') = (fault <> ''))
);
comment on table xuqi.bill_file is 'Bills as they came; digest is the SHA-256 of the whole';
create trigger never_removed before delete or truncate on xuqi.bill_file
    for each statement execute function xuqi.forbid();

create table xuqi.bill_piece (
    file_id bigint not null references xuqi.bill_file,
    number  bigint not null check (number >= 0),
    data    bytea not null check (length(data) between 1 and 1048576),
    primary key (file_id, number)
);
alter table xuqi.bill_piece alter column data set storage external; -- packed already
create trigger append_only before update or delete or truncate on xuqi.bill_piece
    for each statement execute function xuqi.forbid();

-- What the gateway says, once for each of its numbers; a later file adds rows and never changes one.
create table xuqi.bill_row (
    rail         text not null,
    day          date not null,
    kind         text not null check (kind in ('payment', 'refund', 'dispute')),
    gateway_id   text not null check (gateway_id <> ''),
    payment_txn  text not null,
    attempt_no   text not null,
    refund_no    text not null,
    amount_fen   bigint not null check (amount_fen between 0 and 100000000000),
    fee_millifen bigint not null,
    at           timestamptz not null,
    status       text not null,
    line         bigint not null,
    file_id      bigint not null,
    primary key (rail, day, kind, gateway_id)
);
comment on column xuqi.bill_row.fee_millifen is '1/1000 fen: WeChat Pay writes fees in five decimals of a yuan';
create trigger append_only before update or delete or truncate on xuqi.bill_row
    for each statement execute function xuqi.forbid();

create table xuqi.bill_day (
    rail           text not null,
    day            date not null,
    state          text not null default 'waiting' check (state in ('waiting', 'empty', 'missing', 'loaded')),
    file_id        bigint references xuqi.bill_file,
    payments       bigint not null default 0,
    payments_fen   bigint not null default 0,
    refunds        bigint not null default 0,
    refunds_fen    bigint not null default 0,
    disputes       bigint not null default 0,
    fee_millifen   bigint not null default 0,
    fee_booked_fen bigint not null default 0,
    fee_bookings   bigint not null default 0,
    even           bigint not null default 0,
    runs           bigint not null default 0,
    matched_at     timestamptz,
    primary key (rail, day),
    check ((state = 'loaded') = (file_id is not null))
);
comment on table xuqi.bill_day is 'A clearing day of a rail: UnionPay''s ends at 23:00, the others'' at midnight, Beijing time';
create trigger never_removed before delete or truncate on xuqi.bill_day
    for each statement execute function xuqi.forbid();

create table xuqi.match_difference (
    id                 bigint generated always as identity primary key,
    rail               text not null,
    day                date not null,
    class              text not null
        check (class in ('long', 'short', 'amount', 'state', 'cross_day', 'fee', 'changed')),
    kind               text not null check (kind in ('payment', 'refund', 'dispute', 'change', 'file')),
    gateway_id         text not null,
    attempt_no         text not null default '',
    refund_no          text not null default '',
    renewal_no         text,
    our_day            date,
    their_day          date,
    ours_fen           bigint not null default 0,
    theirs_fen         bigint not null default 0,
    our_fee_millifen   bigint not null default 0,
    their_fee_millifen bigint not null default 0,
    booked_fen         bigint not null default 0,
    note               text not null default '',
    action             text not null check (action in ('none', 'wait', 'query', 'person')),
    state              text not null check (state in ('waiting', 'open', 'settled', 'resolved')),
    owner_id           bigint references xuqi.staff,
    opened_at          timestamptz not null default now(),
    closed_at          timestamptz,
    resolved_by        bigint references xuqi.staff,
    reason             text,
    unique (rail, kind, gateway_id),
    check ((state in ('settled', 'resolved')) = (closed_at is not null)),
    check ((state = 'resolved') = (resolved_by is not null and reason is not null)),
    check ((state = 'waiting') = (action = 'wait')),
    check (reason is null or length(trim(reason)) between 2 and 500)
);
comment on column xuqi.match_difference.day is 'Whose reconciliation found it';
comment on column xuqi.match_difference.booked_fen is 'Posted to gateway_clearing because of it, from or to statement_suspense';
comment on column xuqi.match_difference.state is
    'waiting: a later bill may explain it; open: not explained; settled: explained by itself; resolved: by a person';
create index match_difference_open on xuqi.match_difference (rail, class) where state in ('waiting', 'open');
create index match_difference_day on xuqi.match_difference (rail, day);
create index match_difference_our_day on xuqi.match_difference (rail, our_day);
create index match_difference_their_day on xuqi.match_difference (rail, their_day);
create trigger never_removed before delete or truncate on xuqi.match_difference
    for each statement execute function xuqi.forbid();

-- What is settled or resolved is history.
create function xuqi.match_difference_moves() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.state = 'resolved' or (new.rail, new.kind, new.gateway_id, new.day, new.opened_at)
                                 is distinct from (old.rail, old.kind, old.gateway_id, old.day, old.opened_at) then
        raise exception 'difference % may not change so', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger moves before update on xuqi.match_difference
    for each row execute function xuqi.match_difference_moves();

-- What a gateway has paid out for a clearing day.
create table xuqi.settlement (
    id         bigint generated always as identity primary key,
    rail       text not null,
    day        date not null,
    amount_fen bigint not null check (amount_fen <> 0),
    reference  text not null check (length(reference) between 1 and 64),
    arrived_on date not null,
    posting_id bigint not null unique references xuqi.posting,
    staff_id   bigint references xuqi.staff,
    created_at timestamptz not null default now(),
    unique (rail, reference)
);
create index settlement_day on xuqi.settlement (rail, day);
create trigger append_only before update or delete or truncate on xuqi.settlement
    for each statement execute function xuqi.forbid();

-- Postings of a day whose month had been closed are found by their own day.
create index posting_occurred_at on xuqi.posting (occurred_at) where occurred_at is not null;

insert into xuqi.schema_migration (number, name, sha256) values (27, 'reconcile', :'sha256');
commit;
