-- SPDX-License-Identifier: Apache-2.0
-- Money that goes back: refunds with a number of their own that is committed before the gateway hears of it, payment
-- attempts that are closed at their gateways, and what two people of the staff say about what no gateway explains.
begin;

alter table xuqi.payment_attempt add column close_at timestamptz;
comment on column xuqi.payment_attempt.close_at is
    'When it was first wanted closed at its gateway: the order is paid otherwise, or nothing is asked for any more';

-- What finance says of an order's invoice: money does not go back while one is valid.
alter table xuqi."order"
    add column invoice_state  text not null default 'none' check (invoice_state in ('none', 'issued', 'reversed')),
    add column invoice_number text not null default '' check (length(invoice_number) <= 40),
    add constraint order_invoice_number check ((invoice_state = 'none') = (invoice_number = ''));
comment on column xuqi."order".invoice_state is 'issued: given to the payer; reversed: by a red letter';

create table xuqi.refund_transition (
    from_state text not null,
    to_state   text not null,
    occasion   text not null,
    primary key (from_state, to_state)
);
insert into xuqi.refund_transition (from_state, to_state, occasion) values
    ('asked',           'approved',        'by a person, or at once where nobody need decide'),
    ('asked',           'refused',         'by a person'),
    ('approved',        'sent',            'its number is committed, the gateway is called'),
    ('approved',        'awaiting_payout', 'paid by bank transfer'),
    ('sent',            'unknown',         'no answer that says what became of it'),
    ('sent',            'done',            'the gateway says so'),
    ('sent',            'failed',          'the gateway says so'),
    ('unknown',         'done',            'the gateway, its statement or two people say so'),
    ('unknown',         'failed',          'the gateway, its statement or two people say so'),
    ('awaiting_payout', 'done',            'finance has paid it');
create trigger append_only before update or delete or truncate on xuqi.refund_transition
    for each statement execute function xuqi.forbid();

create table xuqi.refund (
    refund_no         text primary key check (refund_no ~ '^[0-9]{26}R[0-9]{3}$'),
    renewal_no        text not null references xuqi.renewal,
    order_no          text not null references xuqi."order",
    cause             text not null check (cause in ('cancellation', 'rejection', 'surplus', 'staff')),
    payment_id        bigint references xuqi.posting,
    attempt_no        text references xuqi.payment_attempt,
    gateway           text,
    gateway_txn       text,
    paid_fen          bigint not null check (paid_fen > 0),
    amount_fen        bigint not null check (amount_fen > 0),
    reason            text not null check (length(reason) <= 500),
    retry_of          text references xuqi.refund,
    request_key       text,
    asked_by          bigint references xuqi.staff,
    asked_at          timestamptz not null default now(),
    -- what moves
    state             text not null default 'asked',
    approved_by       bigint references xuqi.staff,
    approved_at       timestamptz,
    reserve_id        bigint unique references xuqi.posting,
    sent_at           timestamptz,
    refused_there     boolean not null default false,
    questions         bigint not null default 0 check (questions >= 0),
    last_word         text not null default '',
    gateway_refund_no text,
    done_id           bigint unique references xuqi.posting,
    decision          text not null default '' check (length(decision) <= 500),
    ended_by          bigint references xuqi.staff,
    ended_at          timestamptz,
    constraint refund_of_a_payment check ((payment_id is null) = (attempt_no is null) and (payment_id is null) = (gateway is null)
                                          and (payment_id is null) = (gateway_txn is null)),
    constraint refund_asked_by_staff check (cause <> 'staff' or asked_by is not null),
    constraint refund_two_people check (approved_by <> asked_by),
    constraint refund_decided check (cause in ('rejection', 'surplus') or state in ('asked', 'refused') or approved_by is not null),
    constraint refund_reserved check ((state in ('asked', 'refused')) = (reserve_id is null)
                                      and (reserve_id is null) = (approved_at is null)),
    constraint refund_sent check (state not in ('sent', 'unknown', 'failed') or sent_at is not null),
    constraint refund_by_bank check (state <> 'awaiting_payout' or payment_id is null),
    constraint refund_done check ((state = 'done') = (done_id is not null)),
    constraint refund_ended check ((state in ('done', 'failed', 'refused')) = (ended_at is not null))
) with (fillfactor = 80);
comment on column xuqi.refund.payment_id is 'The posting of the payment that goes back; null: a bank transfer, paid back by finance';
comment on column xuqi.refund.request_key is 'The asker''s own number of the request';
comment on column xuqi.refund.sent_at is 'Of the first call; to the second it is UnionPay''s txnTime, part of the refund''s identity there';
comment on column xuqi.refund.refused_there is 'The gateway refused it when it was sent: not found there means failed';
create index refund_order on xuqi.refund (order_no);
create index refund_renewal on xuqi.refund (renewal_no);
create index refund_open on xuqi.refund (asked_at, refund_no) where state not in ('done', 'failed', 'refused');
create unique index refund_requested on xuqi.refund (asked_by, request_key);
create unique index refund_retried on xuqi.refund (retry_of) where state <> 'refused';
create trigger never_removed before delete or truncate on xuqi.refund
    for each statement execute function xuqi.forbid();
create trigger touches after insert or update on xuqi.refund for each row execute function xuqi.renewal_touched();

-- What a refund is about never changes, and no payment goes back more than once: its parts wait for each other at the
-- order's row.
create function xuqi.refund_moves() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    paid bigint;
begin
    if tg_op = 'INSERT' and new.state <> 'asked' then
        raise exception 'refund % may not begin as %', new.refund_no, new.state using errcode = '23514';
    end if;
    if tg_op = 'UPDATE' then
        if (new.refund_no, new.renewal_no, new.order_no, new.cause, new.payment_id, new.attempt_no, new.gateway,
            new.gateway_txn, new.paid_fen, new.amount_fen, new.reason, new.retry_of, new.request_key, new.asked_by, new.asked_at,
            coalesce(old.reserve_id, new.reserve_id), coalesce(old.sent_at, new.sent_at))
           is distinct from
           (old.refund_no, old.renewal_no, old.order_no, old.cause, old.payment_id, old.attempt_no, old.gateway,
            old.gateway_txn, old.paid_fen, old.amount_fen, old.reason, old.retry_of, old.request_key, old.asked_by, old.asked_at,
            new.reserve_id, new.sent_at) then
            raise exception 'refund %: what it is about may not change', old.refund_no using errcode = '23514';
        end if;
        if new.state <> old.state
           and not exists (select from refund_transition where from_state = old.state and to_state = new.state) then
            raise exception 'refund %: % -> % is not a move', old.refund_no, old.state, new.state using errcode = '23514';
        end if;
    end if;
    perform from "order" where order_no = new.order_no for update;
    paid := case when new.payment_id is null
                 then (select amount_fen from "order" where order_no = new.order_no and state = 'paid')
                 else (select amount_fen from payment_notice
                        where posting_id = new.payment_id and (gateway, gateway_txn) = (new.gateway, new.gateway_txn)) end;
    if new.paid_fen is distinct from paid
       or new.state not in ('failed', 'refused')
          and new.amount_fen + (select coalesce(sum(amount_fen), 0) from refund
                                 where order_no = new.order_no and payment_id is not distinct from new.payment_id
                                   and refund_no <> new.refund_no and state not in ('failed', 'refused')) > paid then
        raise exception 'refund %: more than was paid', new.refund_no using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger moves before insert or update on xuqi.refund for each row execute function xuqi.refund_moves();

-- What no gateway and no statement explains, said by one of the staff and confirmed by another.
create table xuqi.resolution (
    id          bigint generated always as identity primary key,
    kind        text not null check (kind in ('payment', 'refund')),
    number      text not null,
    happened    boolean not null,
    gateway_txn text not null,
    evidence    text not null check (length(evidence) between 1 and 500),
    said_by     bigint not null references xuqi.staff,
    said_at     timestamptz not null default now(),
    decided_by  bigint references xuqi.staff,
    decided_at  timestamptz,
    constraint resolution_two_people check (decided_by <> said_by),
    constraint resolution_decided check ((decided_by is null) = (decided_at is null)),
    constraint resolution_number check (happened = (gateway_txn <> ''))
);
create unique index resolution_open on xuqi.resolution (kind, number) where decided_by is null;
create trigger never_removed before delete or truncate on xuqi.resolution
    for each statement execute function xuqi.forbid();
create function xuqi.resolution_frozen() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.decided_by is not null or (new.id, new.kind, new.number) is distinct from (old.id, old.kind, old.number) then
        raise exception 'resolution % is decided', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger frozen before update on xuqi.resolution for each row execute function xuqi.resolution_frozen();

-- They answer more now: whether to close, which refund was asked for, what became of an order's money.
drop function if exists xuqi.payment_query_begin;
drop function if exists xuqi.renewal_cancel;
drop function if exists xuqi.renewal_order;

insert into xuqi.schema_migration (number, name, sha256) values (26, 'refund', :'sha256');
commit;
