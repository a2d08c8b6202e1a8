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

-- The day as well: a payer whose account or masked name has many lines (a payment company, a common name) is looked up among
-- those of the week in the index alone.
drop index xuqi.statement_line_payer_account;
create index statement_line_payer_account on xuqi.statement_line (payer_account_digits, amount_fen, booked_on)
    where payer_account_digits <> '';
drop index xuqi.statement_line_payer_name;
create index statement_line_payer_name on xuqi.statement_line (payer_name_normal, amount_fen, booked_on)
    where payer_name_normal <> '';

-- What was found is not read again to say whether there was anything.
create or replace function xuqi.review_enters() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    rule       review_rule;
    risky      boolean;
    first_look boolean;
begin
    if new.status = 'awaiting_review' then
        select * into rule from review_rule where platform = new.platform and version = new.platform_version;
        new.review_since := now();
        new.review_due := case when rule.promised_days > 0 then working_days_after(now(), rule.promised_days) end;
        new.review_order := coalesce(new.review_due, working_days_after(now(), 3));
        with looked as materialized (select * from review_findings(new, coalesce(rule.risk_fen, 0))),
        kept as (
            insert into review_check (renewal_no, round, name, result, source, detail)
            select new.renewal_no, new.returns, l.name, l.result, l.source, l.detail from looked as l
                on conflict (renewal_no, round, name) do nothing -- each time it comes there is looked once
            returning result)
        select bool_or(k.result <> 'passed'), count(*) = (select count(*) from looked) into risky, first_look from kept as k;
        if not first_look then
            risky := exists (select from review_check as k where k.renewal_no = new.renewal_no
                                and k.round = new.returns and k.result <> 'passed');
        end if;
        new.risk := case when risky then 'high' else 'ordinary' end;
        if old.status = 'awaiting_payment' and new.risk = 'high' and rule.risk_reviews > new.reviews_required then
            new.reviews_required := rule.risk_reviews;
        end if;
        insert into review_step (renewal_no, kind, version)
        values (new.renewal_no, case old.status when 'returned' then 'correct' else 'wait' end, old.version + 1);
    else
        new.held_until := null;
        new.held_by := null;
        new.held_reason := null;
        new.second_claimed_by := null;
        new.second_claimed_at := null;
        new.second_claimed_until := null;
        if new.status = 'cancelled' then
            insert into review_step (renewal_no, kind, version) values (new.renewal_no, 'leave', old.version + 1);
        end if;
    end if;
    return new;
end
$$;

insert into xuqi.schema_migration (number, name, sha256) values (37, 'bank', :'sha256');
commit;
