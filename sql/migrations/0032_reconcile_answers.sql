-- SPDX-License-Identifier: Apache-2.0
-- What a gateway answers about a number on which its bill and the books do not agree, kept with the difference; and refunds of
-- ours that no bill has.
begin;

alter table xuqi.match_difference
    add column asked_at    timestamptz,
    add column answer      text not null default '',
    add column answer_said text not null default '',
    add column answered_at timestamptz,
    add constraint match_difference_answer check (answer in (
        '', 'paid', 'paid_otherwise', 'not_paid', 'not_found', 'closed', 'pending', 'no_answer', 'mismatch', 'done', 'refused', 'failed')),
    add constraint match_difference_answered check ((answer = '') = (answered_at is null)),
    add constraint match_difference_asked check (answered_at is null or asked_at is not null);
comment on column xuqi.match_difference.asked_at is 'When the gateway was last asked because of it';
comment on column xuqi.match_difference.answer is
    'What it answered: a word of payment_query_end or refund_end; paid_otherwise: under another number than the one in question';
comment on column xuqi.match_difference.answer_said is 'The gateway''s own code';
create index match_difference_attempt on xuqi.match_difference (attempt_no) where state in ('waiting', 'open');
create index bill_row_refund on xuqi.bill_row (rail, refund_no) where kind = 'refund';

-- They answer more, or are told more, than before.
drop function if exists xuqi.difference_list(bytea, text, text, text, bigint, bigint);
drop function if exists xuqi.match_sweep(text);
drop function if exists xuqi.payment_query_end(bigint, bigint, text, text, text, timestamptz, timestamptz, boolean);

insert into xuqi.schema_migration (number, name, sha256) values (32, 'reconcile_answers', :'sha256');
commit;
