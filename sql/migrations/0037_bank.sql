-- SPDX-License-Identifier: Apache-2.0
-- Refunds of bank transfers are paid as other money that goes back: by the link or from an export, under a number that is fixed
-- before any bank hears of it. And matching tells the renewals that it touches by the set, not one by one.
begin;

insert into xuqi.refund_transition (from_state, to_state, occasion) values
    ('done', 'awaiting_payout', 'the bank has sent it back');

alter table xuqi.payout_request
    alter request_id drop not null,
    alter posting_id drop not null,
    add column refund_no text references xuqi.refund,
    add constraint payout_request_subject check ((request_id is null) <> (refund_no is null)),
    add constraint payout_request_posting check ((posting_id is null) = (request_id is null)),
    add constraint payout_request_credit check (refund_no is null or payer_credit_id is not null);
comment on column xuqi.payout_request.refund_no is
    'The refund that it pays; its money waits under the refund''s own number, and is due until one of these is paid';
-- Never two: another one only when the bank has said that the last did not go, or sent it back.
create unique index payout_request_refund on xuqi.payout_request (refund_no) where state <> 'failed';

create function xuqi.renewals_touched() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    update renewal set version = version where renewal_no in (select renewal_no from touched);
    return null;
end
$$;
drop trigger touches on xuqi.transfer_match;
create trigger touches after insert on xuqi.transfer_match
    referencing new table as touched for each statement execute function xuqi.renewals_touched();
create trigger touches_again after update on xuqi.transfer_match
    referencing new table as touched for each statement execute function xuqi.renewals_touched();

insert into xuqi.schema_migration (number, name, sha256) values (37, 'bank', :'sha256');
commit;
