-- SPDX-License-Identifier: Apache-2.0
-- Payments whose gateway is asked before they are booked: what was chosen, until when the form can be used, what the
-- gateway last said. Questions are rows of the outbox (topic payment_query, one per attempt).
begin;

alter table xuqi.payment_attempt
    add column method     text,
    add column expires_at timestamptz,
    add column queried    boolean not null default false,
    add column asked      bigint not null default 0 check (asked >= 0),
    add column asked_at   timestamptz,
    add column wanted_at  timestamptz,
    add column last_word  text not null default '',
    add check (expires_at > created_at);
update xuqi.payment_attempt set method = gateway, expires_at = created_at + interval '90 minutes';
alter table xuqi.payment_attempt alter column method set not null, alter column expires_at set not null;
comment on column xuqi.payment_attempt.method is 'What the payer chose; gateway is the rail it runs on';
comment on column xuqi.payment_attempt.created_at is 'To the second it is UnionPay''s txnTime, part of the payment''s identity there';
comment on column xuqi.payment_attempt.queried is 'The gateway can be asked what became of it';
comment on column xuqi.payment_attempt.wanted_at is 'When somebody last wanted it asked: an answer read before that is not the last one';
comment on column xuqi.payment_attempt.last_word is 'What the gateway last answered, and its own code';

-- A notice that is believed only after the gateway was asked.
alter table xuqi.payment_notice
    drop constraint payment_notice_verdict_check,
    add constraint payment_notice_verdict_check
        check (verdict in ('asked', 'settled', 'replayed', 'surplus', 'mismatch', 'refused'));
create index payment_notice_asked on xuqi.payment_notice (attempt_no) where verdict = 'asked';

-- It takes the rail, the form's life and whether the gateway is asked as well now.
drop function if exists xuqi.payment_open;

insert into xuqi.schema_migration (number, name, sha256) values (20, 'payment_query', :'sha256');
commit;
