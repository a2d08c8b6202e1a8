-- SPDX-License-Identifier: Apache-2.0
-- What the desks read of the books by day, views that staff keep for themselves, and what an approval found good.
begin;

create index order_paid on xuqi."order" (paid_at) where paid_at is not null;
create index refund_done on xuqi.refund (ended_at) where state = 'done';
create index payout_newest on xuqi.payout (created_at, client_id);
create index statement_line_booked on xuqi.statement_line (booked_on) where direction = 'credit' and kind = 'ordinary';
create index bill_row_payment on xuqi.bill_row (rail, gateway_id) where kind = 'payment';
create index notice_of_txn on xuqi.payment_notice (gateway, gateway_txn) where gateway_txn is not null;

create table xuqi.staff_view (
    id         bigint generated always as identity primary key,
    staff_id   bigint not null references xuqi.staff,
    name       text not null constraint staff_view_name_check check (length(name) between 1 and 40),
    address    text not null constraint staff_view_address_check check (length(address) between 2 and 1000 and address ~ '^/[a-z]'),
    created_at timestamptz not null default now(),
    constraint staff_view_once unique (staff_id, name)
);
comment on table xuqi.staff_view is 'Lists of a desk as somebody likes to see them: a name for an address. His alone, and his to remove';

-- What a reviewer found good when he approved: "materials/<kind>/<page>/<sha256>" or "fields/<name>".
create table xuqi.review_tick (
    approval_id bigint not null references xuqi.approval,
    item        text not null constraint review_tick_item_check check (
        item ~ '^materials/[a-z_]{1,40}/[0-9]{1,2}/[0-9a-f]{64}$' or item ~ '^fields/[a-z0-9_.]{1,80}$'),
    primary key (approval_id, item)
);
create trigger append_only before update or delete or truncate on xuqi.review_tick
    for each statement execute function xuqi.forbid();

-- It takes what was found good.
drop function if exists xuqi.review_approve(bytea, text, bytea, bigint, text);

insert into xuqi.schema_migration (number, name, sha256) values (40, 'figures', :'sha256');
commit;
