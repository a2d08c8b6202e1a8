-- SPDX-License-Identifier: Apache-2.0
-- Bank transfers: what payers say they paid, which statement line paid which order and why, money put aside for an order,
-- what finance asks for and decides.
begin;

-- Money of a payer that waits for the rest of an order's price; it stays the payer's credit until the order is paid.
alter table xuqi."order"
    add column funded_fen        bigint not null default 0,
    add column payer_name_normal text not null default '',
    add check (funded_fen >= 0 and funded_fen <= amount_fen);
comment on column xuqi."order".funded_fen is 'Put aside from the payer''s credit; all of it is there when the order is paid by transfer';
comment on column xuqi."order".payer_name_normal is 'Who is expected to pay, as party_name_normal writes him';
-- As party_name_normal writes it; that comes with the procedures.
update xuqi."order" as o
   set payer_name_normal = translate(upper(normalize(coalesce(nullif(r.organisation, ''), c.common_name, ''), NFKC)),
                                     '[]{}【】〔〕〖〗《》<>•‧・∙⋅' || E' \t\u00a0\u200b\ufeff', '()()()()()()()·····')
  from xuqi.renewal as r left join xuqi.renewal_content as c on c.renewal_no = r.renewal_no
 where r.renewal_no = o.renewal_no and o.state = 'unpaid';
create index order_unpaid_payer on xuqi."order" (payer_name_normal) where state = 'unpaid';
create index order_unpaid_credit on xuqi."order" (payer_credit_id) where state = 'unpaid';

create function xuqi.order_payer() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    select party_name_normal(coalesce(nullif(r.organisation, ''), c.common_name, ''))
      into strict new.payer_name_normal
      from renewal as r left join renewal_content as c on c.renewal_no = r.renewal_no
     where r.renewal_no = new.renewal_no;
    return new;
end
$$;
create trigger payer before insert on xuqi."order" for each row execute function xuqi.order_payer();

-- A row of 核验转账信息.
create table xuqi.declared_transfer (
    id                   bigint generated always as identity primary key,
    renewal_no           text not null references xuqi.renewal,
    order_no             text not null references xuqi."order",
    amount_fen           bigint not null check (amount_fen > 0 and amount_fen <= 100000000000),
    transferred_on       date not null,
    content_index        bytea not null check (length(content_index) = 32),
    payer_sealed         bytea not null,
    payer_account_index  bytea,
    payer_account_masked text not null,
    payer_name_masked    text not null,
    state                text not null check (state in ('waiting', 'matched', 'differs', 'used', 'ambiguous')),
    bank_amount_fen      bigint,
    bank_booked_on       date,
    credited_fen         bigint,
    created_at           timestamptz not null default now(),
    checked_at           timestamptz not null default now(),
    checks               bigint not null default 1,
    removed_at           timestamptz,
    check (state <> 'matched' or (credited_fen is not null and removed_at is null)),
    check ((state in ('differs', 'matched')) = (bank_amount_fen is not null))
) with (fillfactor = 80);
comment on table xuqi.declared_transfer is 'What a payer says he transferred, and what the bank''s statement says to it';
comment on column xuqi.declared_transfer.content_index is 'Keyed hash of the whole row: the same row sent again is the same row';
comment on column xuqi.declared_transfer.payer_sealed is 'Account, name and remark as written, encrypted by the server';
create index declared_transfer_renewal on xuqi.declared_transfer (renewal_no);
create unique index declared_transfer_once on xuqi.declared_transfer (renewal_no, content_index) where removed_at is null;
create index declared_transfer_open on xuqi.declared_transfer (amount_fen, transferred_on)
    where removed_at is null and state <> 'matched';
create index declared_transfer_account on xuqi.declared_transfer (payer_account_index)
    where payer_account_index is not null;
create trigger never_removed before delete or truncate on xuqi.declared_transfer
    for each statement execute function xuqi.forbid();
create trigger touches after insert or update on xuqi.declared_transfer
    for each row execute function xuqi.renewal_touched();

-- Money of a statement line that was found to be a payer's, for an order. Many to many.
create sequence xuqi.transfer_match_sequence;
create table xuqi.transfer_match (
    id              bigint primary key,
    line_id         bigint not null references xuqi.statement_line,
    order_no        text not null references xuqi."order",
    renewal_no      text not null references xuqi.renewal,
    declared_id     bigint unique references xuqi.declared_transfer,
    payer_credit_id bigint not null,
    fen             bigint not null check (fen > 0),
    rule            text not null check (rule in ('declared', 'order_number', 'order_number_misspelt', 'one_to_one',
                                                  'one_to_many', 'many_to_one', 'finance')),
    reason          text not null check (reason <> ''),
    proves          boolean not null,
    made_by         text not null,
    made_at         timestamptz not null default now(),
    posting_id      bigint not null unique references xuqi.posting,
    undone_at       timestamptz,
    undone_by       text,
    undo_reason     text,
    undo_posting_id bigint unique references xuqi.posting,
    check ((undone_at is null) = (undone_by is null) and (undone_at is null) = (undo_reason is null)
           and (undone_at is null) = (undo_posting_id is null))
);
comment on column xuqi.transfer_match.fen is 'Of the line, put to this payer''s credit';
comment on column xuqi.transfer_match.proves is
    'The bank says that it came from an account in the name of the organisation that renews: the account is proven';
create index transfer_match_line on xuqi.transfer_match (line_id);
create index transfer_match_order on xuqi.transfer_match (order_no);
create index transfer_match_proof on xuqi.transfer_match (renewal_no) where proves and undone_at is null;
create index transfer_match_credit on xuqi.transfer_match (payer_credit_id) where undone_at is null;
create trigger never_removed before delete or truncate on xuqi.transfer_match
    for each statement execute function xuqi.forbid();
create trigger touches after insert or update on xuqi.transfer_match
    for each row execute function xuqi.renewal_touched();

create function xuqi.transfer_match_changes() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if old.undone_at is not null
       or to_jsonb(new) - array['undone_at', 'undone_by', 'undo_reason', 'undo_posting_id', 'declared_id']
          is distinct from to_jsonb(old) - array['undone_at', 'undone_by', 'undo_reason', 'undo_posting_id', 'declared_id'] then
        raise exception 'match %: may only be undone, once', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger changes before update on xuqi.transfer_match
    for each row execute function xuqi.transfer_match_changes();

-- What finance asked to be done with statement lines and payers' money. One person asks; where two are needed another decides.
create table xuqi.finance_request (
    id          bigint generated always as identity primary key,
    request_key text not null unique check (request_key ~ '^[0-9A-Za-z_-]{8,64}$'),
    kind        text not null check (kind in ('match', 'unmatch', 'suspend', 'release', 'return', 'repay')),
    line_id     bigint references xuqi.statement_line,
    order_no    text references xuqi."order",
    match_id    bigint references xuqi.transfer_match,
    fen         bigint not null check (fen > 0),
    reason      text not null check (reason <> ''),
    state       text not null check (state in ('asked', 'done', 'refused')),
    asked_by    bigint not null references xuqi.staff,
    asked_at    timestamptz not null default now(),
    decided_by  bigint references xuqi.staff,
    decided_at  timestamptz,
    two_people  boolean not null,
    posting_id  bigint unique references xuqi.posting,
    released_by bigint unique references xuqi.finance_request,
    check ((state = 'asked') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
    check (not two_people or state <> 'done' or decided_by <> asked_by),
    check (state = 'done' or posting_id is null),
    check (released_by is null or (kind = 'suspend' and state = 'done'))
);
comment on column xuqi.finance_request.request_key is 'Chosen by the caller: the same request sent again is the same request';
comment on column xuqi.finance_request.released_by is 'Of a suspension: the request that ended it';
create index finance_request_asked on xuqi.finance_request (id) where state = 'asked';
create index finance_request_line on xuqi.finance_request (line_id) where line_id is not null;
create trigger never_removed before delete or truncate on xuqi.finance_request
    for each statement execute function xuqi.forbid();

create function xuqi.finance_request_changes() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if (new.id, new.request_key, new.kind, new.line_id, new.order_no, new.match_id, new.fen, new.reason, new.asked_by,
        new.asked_at, new.two_people)
       is distinct from
       (old.id, old.request_key, old.kind, old.line_id, old.order_no, old.match_id, old.fen, old.reason, old.asked_by,
        old.asked_at, old.two_people)
       or (old.state <> 'asked' and to_jsonb(new) - 'released_by' is distinct from to_jsonb(old) - 'released_by')
       or (old.released_by is not null and new.released_by is distinct from old.released_by) then
        raise exception 'finance request %: it is decided once and stays as it was asked', old.id using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger changes before update on xuqi.finance_request
    for each row execute function xuqi.finance_request_changes();

-- Money that goes back to the account it came from. Paying it is the bank link's business.
create table xuqi.payout_request (
    id               bigint generated always as identity primary key,
    request_id       bigint not null unique references xuqi.finance_request,
    line_id          bigint not null references xuqi.statement_line,
    order_no         text references xuqi."order",
    fen              bigint not null check (fen > 0),
    payer_credit_id  bigint,
    posting_id       bigint not null unique references xuqi.posting,
    state            text not null default 'approved' check (state in ('approved', 'sent', 'paid', 'failed')),
    created_at       timestamptz not null default now(),
    settled_at       timestamptz
);
comment on column xuqi.payout_request.payer_credit_id is 'Whose credit it was; null for a line that nobody was credited with';
create index payout_request_waiting on xuqi.payout_request (id) where state in ('approved', 'sent');
create trigger never_removed before delete or truncate on xuqi.payout_request
    for each statement execute function xuqi.forbid();

insert into xuqi.sealed_column (name, place, kind, table_name, column_name, lead, row_key, context, source)
select 'declared_transfer.' || c, place, kind, 'declared_transfer', c, 'renewal_no', 'renewal_no || ''/'' || id',
       'content_index', source
  from (values
    ('payer_sealed', 'transfer.payer', 'sealed', null),
    ('payer_account_index', 'payer.account', 'index', 'declared_transfer.payer_sealed'),
    ('content_index', 'transfer.content', 'lookup', null)
  ) as listed (c, place, kind, source);

insert into xuqi.schema_migration (number, name, sha256) values (25, 'matching', :'sha256');
commit;
