-- SPDX-License-Identifier: Apache-2.0
-- Challenges, known certificates, renewals and their life, orders and payments.
begin;

create table xuqi.challenge (
    nonce_digest  bytea primary key check (length(nonce_digest) = 32),
    created_at    timestamptz not null default now(),
    expires_at    timestamptz not null,
    used_at       timestamptz,
    used_evidence bytea check (length(used_evidence) = 32),
    renewal_no    text,
    check ((used_at is null) = (used_evidence is null) and (used_at is null) = (renewal_no is null))
);
comment on column xuqi.challenge.used_evidence is
    'SHA-256 of the signed request that used it: the very same request may come again';
create index challenge_created on xuqi.challenge (created_at);

create table xuqi.certificate (
    fingerprint       bytea primary key check (length(fingerprint) = 32),
    serial            text not null unique check (serial ~ '^[1-9a-f][0-9a-f]{0,39}$'),
    der               bytea not null,
    subject           text not null,
    not_before        timestamptz not null,
    not_after         timestamptz not null,
    platform          text,
    renewal_no        text unique,
    added_at          timestamptz not null default now(),
    revoked_at        timestamptz,
    revocation_reason text,
    check (not_after > not_before),
    check ((revoked_at is null) = (revocation_reason is null))
);
comment on column xuqi.certificate.renewal_no is 'Of the renewal that issued it; null for imported ones';

-- The same words in the same order as RENEWAL_STATES in server/domain/renewal.h; a test compares them.
create type xuqi.renewal_state as enum (
    'draft', 'awaiting_payment', 'awaiting_review', 'returned', 'awaiting_account', 'awaiting_install', 'issued',
    'completed', 'rejected', 'cancelled', 'closed');

create table xuqi.renewal_transition (
    from_state xuqi.renewal_state not null,
    to_state   xuqi.renewal_state not null,
    occasion   text not null,
    primary key (from_state, to_state)
);
insert into xuqi.renewal_transition (from_state, to_state, occasion) values
    ('draft',            'awaiting_payment', 'materials complete'),
    ('awaiting_payment', 'awaiting_review',  'paid in full'),
    ('awaiting_review',  'awaiting_install', 'approved'),
    ('awaiting_review',  'awaiting_account', 'approved'),
    ('awaiting_review',  'returned',         'named fields and materials to correct'),
    ('awaiting_review',  'rejected',         'refused for good'),
    ('returned',         'awaiting_review',  'corrected'),
    ('awaiting_account', 'awaiting_install', '0.01 yuan confirmed'),
    ('awaiting_install', 'issued',           'certificates recorded'),
    ('issued',           'completed',        'installation acknowledged'),
    ('draft',            'cancelled',        'by the applicant'),
    ('awaiting_payment', 'cancelled',        'by the applicant'),
    ('draft',            'closed',           'unpaid for too long'),
    ('awaiting_payment', 'closed',           'unpaid for too long'),
    ('awaiting_review',  'cancelled',        'refund approved'),
    ('returned',         'cancelled',        'refund approved'),
    ('awaiting_account', 'cancelled',        'refund approved'),
    ('awaiting_install', 'cancelled',        'refund approved');
create trigger append_only before update or delete or truncate on xuqi.renewal_transition
    for each statement execute function xuqi.forbid();

create sequence xuqi.renewal_sequence;
create sequence xuqi.order_sequence;

create table xuqi.renewal (
    renewal_no              text primary key check (renewal_no ~ '^01[0-9]{15,16}$'),
    status                  xuqi.renewal_state not null,
    platform                text not null,
    platform_version        text not null,
    certificate_fingerprint bytea not null check (length(certificate_fingerprint) = 32),
    certificate_serial      text not null,
    certificate_not_after   timestamptz not null,
    subject                 text not null,
    organisation            text not null,
    term_months             bigint not null check (term_months between 1 and 1200),
    amount_fen              bigint not null check (amount_fen > 0 and amount_fen <= 100000000000),
    tax_rate_permyriad      bigint not null check (tax_rate_permyriad between 0 and 10000),
    not_after               timestamptz not null,
    profile                 text not null,
    profile_version         text not null,
    reviews_required        bigint not null check (reviews_required between 0 and 2),
    account_verification    text not null check (account_verification in ('never', 'when_paid_online', 'always')),
    payment_methods         text[] not null,
    submitted_at            timestamptz not null default now(),
    -- what moves
    order_no                text not null,
    reviews_done            bigint not null default 0 check (reviews_done between 0 and reviews_required),
    unpaid_close_at         timestamptz,
    paid_at                 timestamptz,
    decided_at              timestamptz,
    issued_at               timestamptz,
    completed_at            timestamptz,
    claimed_by              bigint,
    claimed_at              timestamptz,
    claimed_until           timestamptz,
    rejected_by             bigint,
    rejection_code          text,
    rejection_text          text,
    invoice_kind            text not null default '',
    invoice_title           text not null default '',
    invoice_tax_id          text not null default '',
    check ((claimed_by is null) = (claimed_until is null) and (claimed_by is null) = (claimed_at is null)),
    check ((status = 'rejected') = (rejection_code is not null and rejected_by is not null)),
    check (paid_at is not null or status in ('draft', 'awaiting_payment', 'cancelled', 'closed')),
    check ((issued_at is not null) = (status in ('issued', 'completed'))),
    check ((completed_at is not null) = (status = 'completed'))
) with (fillfactor = 80);
comment on table xuqi.renewal is 'What is read and moved often; what was signed and shown is in renewal_content';
create unique index renewal_open on xuqi.renewal (certificate_fingerprint)
    where status not in ('completed', 'rejected', 'cancelled', 'closed');
create index renewal_completed on xuqi.renewal (certificate_fingerprint) where status = 'completed';
create index renewal_open_organisation on xuqi.renewal (organisation)
    where status not in ('completed', 'rejected', 'cancelled', 'closed');
create index renewal_waiting on xuqi.renewal (paid_at, renewal_no) where status = 'awaiting_review';
create index renewal_claimed on xuqi.renewal (claimed_by) where status = 'awaiting_review' and claimed_by is not null;
create index renewal_rejected on xuqi.renewal (rejected_by) where rejected_by is not null;
create index renewal_unpaid on xuqi.renewal (unpaid_close_at) where status in ('draft', 'awaiting_payment');

-- The part of the frozen content that is large or rarely read: never updated, so it stays out of the way of moves.
create table xuqi.renewal_content (
    renewal_no          text primary key references xuqi.renewal,
    subject_der         bytea not null,
    common_name         text not null,
    certificate_der     bytea not null,
    evidence_sha256     bytea not null check (length(evidence_sha256) = 32),
    evidence_sealed     bytea not null,
    agreement_id        text not null,
    agreement_version   text not null,
    agreement_sha256    text not null,
    client_version      text not null,
    agent_name_masked   text not null,
    agent_id_masked     text not null,
    agent_mobile_masked text not null,
    agent_email_masked  text not null,
    recipient_masked    text not null,
    personal_sealed     bytea not null,
    agent_id_index      bytea,
    agent_mobile_index  bytea
);
comment on column xuqi.renewal_content.personal_sealed is 'Agent and recipient, encrypted by the server';
comment on column xuqi.renewal_content.agent_id_index is 'Keyed hash, to search without decrypting';
alter table xuqi.renewal_content
    alter column certificate_der set storage external,
    alter column evidence_sealed set storage external,
    alter column personal_sealed set storage external;
create index renewal_agent_id on xuqi.renewal_content (agent_id_index) where agent_id_index is not null;
create index renewal_agent_mobile on xuqi.renewal_content (agent_mobile_index) where agent_mobile_index is not null;
create trigger append_only before update or delete or truncate on xuqi.renewal_content
    for each statement execute function xuqi.forbid();

create function xuqi.renewal_begins() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if new.status not in ('draft', 'awaiting_payment') then
        raise exception 'renewal % may not begin as %', new.renewal_no, new.status using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger begins before insert on xuqi.renewal for each row execute function xuqi.renewal_begins();

create function xuqi.renewal_moves() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if (new.renewal_no, new.platform, new.platform_version, new.certificate_fingerprint, new.certificate_serial,
        new.certificate_not_after, new.subject, new.organisation, new.term_months, new.amount_fen,
        new.tax_rate_permyriad, new.not_after, new.profile, new.profile_version, new.reviews_required,
        new.account_verification, new.payment_methods, new.submitted_at)
       is distinct from
       (old.renewal_no, old.platform, old.platform_version, old.certificate_fingerprint, old.certificate_serial,
        old.certificate_not_after, old.subject, old.organisation, old.term_months, old.amount_fen,
        old.tax_rate_permyriad, old.not_after, old.profile, old.profile_version, old.reviews_required,
        old.account_verification, old.payment_methods, old.submitted_at) then
        raise exception 'renewal %: frozen content may not change', old.renewal_no using errcode = '23514';
    end if;
    if new.status <> old.status
       and not exists (select from renewal_transition
                        where from_state = old.status and to_state = new.status) then
        raise exception 'renewal %: % -> % is not a move', old.renewal_no, old.status, new.status
            using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger moves before update on xuqi.renewal for each row execute function xuqi.renewal_moves();
create trigger never_removed before delete or truncate on xuqi.renewal
    for each statement execute function xuqi.forbid();

create table xuqi."order" (
    order_no           text primary key check (order_no ~ '^[0-9]{26}$'),
    renewal_no         text not null references xuqi.renewal,
    amount_fen         bigint not null check (amount_fen > 0),
    state              text not null default 'unpaid' check (state in ('unpaid', 'paid', 'cancelled')),
    created_at         timestamptz not null default now(),
    receivable_id      bigint not null,
    payer_credit_id    bigint not null,
    attempts           bigint not null default 0 check (attempts between 0 and 99),
    paid_at            timestamptz,
    paid_gateway       text,
    paid_attempt_no    text,
    paid_gateway_txn   text,
    check ((state = 'paid') = (paid_at is not null)),
    check ((paid_at is null) = (paid_gateway is null))
) with (fillfactor = 80);
comment on column xuqi."order".receivable_id is 'Ledger accounts of this order, looked up once';
create index order_renewal on xuqi."order" (renewal_no);
alter table xuqi.renewal add foreign key (order_no) references xuqi."order" deferrable initially deferred;
create trigger never_removed before delete or truncate on xuqi."order"
    for each statement execute function xuqi.forbid();

create table xuqi.order_line (
    order_no text not null references xuqi."order",
    line     bigint not null check (line between 1 and 32),
    name     text not null,
    unit_fen bigint not null check (unit_fen >= 0 and unit_fen <= 100000000000),
    quantity bigint not null check (quantity between 1 and 1000000),
    primary key (order_no, line)
);
create trigger append_only before update or delete or truncate on xuqi.order_line
    for each statement execute function xuqi.forbid();

create table xuqi.payment_attempt (
    attempt_no  text primary key check (attempt_no ~ '^[0-9]{28}$'),
    order_no    text not null references xuqi."order",
    gateway     text not null,
    amount_fen  bigint not null check (amount_fen > 0),
    state       text not null default 'open' check (state in ('open', 'unknown', 'paid', 'surplus', 'closed')),
    created_at  timestamptz not null default now(),
    gateway_txn text,
    paid_at     timestamptz,
    check (state not in ('paid', 'surplus') or (gateway_txn is not null and paid_at is not null))
) with (fillfactor = 80);
create index payment_attempt_order on xuqi.payment_attempt (order_no, gateway, created_at);
create unique index payment_attempt_paid on xuqi.payment_attempt (order_no) where state = 'paid';
create trigger never_removed before delete or truncate on xuqi.payment_attempt
    for each statement execute function xuqi.forbid();

-- What gateways have said, kept as it came.
create table xuqi.payment_notice (
    id           bigint generated always as identity primary key,
    gateway      text not null,
    digest       bytea not null check (length(digest) = 32),
    verdict      text not null check (verdict in ('settled', 'replayed', 'surplus', 'mismatch', 'refused')),
    reason       text not null default '',
    attempt_no   text,
    gateway_txn  text,
    amount_fen   bigint,
    buyer_masked text,
    key_id       text,
    raw          bytea not null,
    received_at  timestamptz not null default now(),
    posting_id   bigint unique references xuqi.posting,
    check ((verdict in ('settled', 'surplus')) = (posting_id is not null)),
    check (verdict = 'refused' or key_id is not null)
);
comment on column xuqi.payment_notice.key_id is 'The gateway key that verified it; null when none did';
create unique index payment_notice_once on xuqi.payment_notice (gateway, digest, verdict);
create unique index payment_notice_booked on xuqi.payment_notice (gateway, gateway_txn)
    where verdict in ('settled', 'surplus');
create trigger append_only before update or delete or truncate on xuqi.payment_notice
    for each statement execute function xuqi.forbid();

-- Money that came and was not owed; each row is to be refunded.
create table xuqi.surplus (
    posting_id  bigint primary key references xuqi.posting,
    renewal_no  text not null references xuqi.renewal,
    order_no    text not null references xuqi."order",
    attempt_no  text not null references xuqi.payment_attempt,
    gateway     text not null,
    gateway_txn text not null,
    amount_fen  bigint not null check (amount_fen > 0),
    reason      text not null check (reason in ('paid_twice', 'not_payable')),
    state       text not null default 'due' check (state in ('due', 'approved', 'refunded')),
    created_at  timestamptz not null default now(),
    unique (gateway, gateway_txn)
);
create index surplus_due on xuqi.surplus (created_at) where state = 'due';

-- A refused renewal's whole price.
create table xuqi.refund_due (
    renewal_no text primary key references xuqi.renewal,
    order_no   text not null references xuqi."order",
    posting_id bigint not null unique references xuqi.posting,
    amount_fen bigint not null check (amount_fen > 0),
    state      text not null default 'due' check (state in ('due', 'approved', 'refunded')),
    created_at timestamptz not null default now()
);
create index refund_due_due on xuqi.refund_due (created_at) where state = 'due';

insert into xuqi.schema_migration (number, name, sha256) values (3, 'renewal', :'sha256');
commit;
