-- SPDX-License-Identifier: Apache-2.0
-- The rails as jobs finds them, so that web offers what works; the certificates that a gateway renews by itself; and what
-- /metrics counts without reading whole tables.
begin;

create table xuqi.rail (
    rail    text primary key,
    breaker text not null check (breaker in ('closed', 'open', 'half_open')),
    since   timestamptz not null default now(),
    reason  text not null default ''
);
comment on table xuqi.rail is 'Whether payments are begun at a rail, as jobs last said; no row: they are';

create table xuqi.gateway_certificate (
    rail            text not null,
    serial          text not null,
    nonce           text not null,
    associated_data text not null,
    ciphertext      bytea not null,
    not_after       timestamptz not null,
    sealed_at       timestamptz not null default now(),
    primary key (rail, serial)
);
comment on table xuqi.gateway_certificate is
    'As the gateway sealed them under the merchant''s key: what is changed here does not open';

create index payment_attempt_created on xuqi.payment_attempt using brin (created_at) with (autosummarize = on);
create index payment_attempt_unknown on xuqi.payment_attempt (gateway) where state = 'unknown';
create index issuance_intended_at on xuqi.issuance using brin (intended_at) with (autosummarize = on);

insert into xuqi.schema_migration (number, name, sha256) values (28, 'rails', :'sha256');
commit;
